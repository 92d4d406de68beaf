/** The language models that multimodal families stand on, each told by its part of config.json. */
import { ConfigReader, decoderTraits, type Config, type DecoderTraits } from 'swift-ts/nn';
import { anyDeepseekTraits, deepseekV3Traits } from './_deepseek.js';
import { gemma2Traits, gemma3Traits, gemmaTraits } from './_gemma.js';
import { gemma4Traits } from './_gemma4.js';
import { gptOssTraits } from './_gpt-oss.js';
import { internlm2Traits } from './_internlm2.js';
import { internlm3Traits } from './_internlm3.js';
import { llama4Traits } from './_llama4.js';
import { ministral3Traits, mistralTraits } from './_mistral.js';
import { scaledTraits } from './_minicpm.js';
import { mllamaTraits } from './_mllama.js';
import { phi3Traits } from './_phi3.js';
import { qwen3MoeTraits } from './_qwen3-moe.js';
import { qwen2Traits, qwen3Traits } from './_qwen.js';

interface TextModel {
  readonly traits: (reader: ConfigReader) => DecoderTraits;
  /** The values of its config class, which files leave out. */
  readonly defaults?: Config;
}

const LLAMA_SIZES = {
  hidden_size: 4096,
  intermediate_size: 11_008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  vocab_size: 32_000,
};

/** Of Gemma 3 too. */
const GEMMA2_SIZES = {
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
};

const GEMMA4_SIZES = {
  ...GEMMA2_SIZES,
  num_hidden_layers: 30,
  max_position_embeddings: 131_072,
  vocab_size: 262_144,
};

/** By `model_type`. */
const MODELS: Readonly<Record<string, TextModel>> = {
  llama: { traits: (reader) => decoderTraits(reader), defaults: LLAMA_SIZES },
  mistral: {
    traits: mistralTraits,
    defaults: { ...LLAMA_SIZES, intermediate_size: 14_336, num_key_value_heads: 8 },
  },
  ministral3: {
    traits: ministral3Traits,
    defaults: {
      ...LLAMA_SIZES,
      intermediate_size: 14_336,
      num_hidden_layers: 34,
      vocab_size: 131_072,
    },
  },
  qwen2: {
    traits: qwen2Traits,
    defaults: {
      hidden_size: 4096,
      intermediate_size: 22_016,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 32,
      max_position_embeddings: 32_768,
      vocab_size: 151_936,
    },
  },
  qwen3: { traits: qwen3Traits },
  minicpm: { traits: (reader) => scaledTraits(reader, decoderTraits(reader)) },
  qwen3_moe: { traits: qwen3MoeTraits },
  internlm2: { traits: internlm2Traits },
  internlm3: { traits: internlm3Traits },
  phi3: { traits: phi3Traits },
  gemma: {
    traits: gemmaTraits,
    defaults: {
      hidden_size: 3072,
      intermediate_size: 24_576,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      max_position_embeddings: 8192,
      vocab_size: 256_000,
    },
  },
  gemma2: {
    traits: gemma2Traits,
    defaults: { ...GEMMA2_SIZES, max_position_embeddings: 8192, vocab_size: 256_000 },
  },
  gemma3_text: {
    traits: gemma3Traits,
    defaults: { ...GEMMA2_SIZES, max_position_embeddings: 131_072, vocab_size: 262_208 },
  },
  gemma4_text: { traits: gemma4Traits, defaults: GEMMA4_SIZES },
  gemma4_unified_text: {
    traits: gemma4Traits,
    defaults: {
      ...GEMMA4_SIZES,
      max_position_embeddings: 262_144,
      sliding_window: 1024,
      use_bidirectional_attention: 'vision',
      hidden_size_per_layer_input: 0,
    },
  },
  llama4_text: {
    traits: llama4Traits,
    defaults: {
      hidden_size: 5120,
      num_hidden_layers: 48,
      num_attention_heads: 40,
      vocab_size: 202_048,
    },
  },
  mllama_text_model: {
    traits: mllamaTraits,
    defaults: {
      hidden_size: 4096,
      intermediate_size: 14_336,
      num_hidden_layers: 40,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      max_position_embeddings: 131_072,
      rms_norm_eps: 1e-5,
      rope_theta: 500_000,
      vocab_size: 128_256,
    },
  },
  deepseek_v3: { traits: deepseekV3Traits },
  kimi_k2: { traits: deepseekV3Traits },
  gpt_oss: { traits: gptOssTraits },
  deepseek_v2: { traits: anyDeepseekTraits },
};

/** Where the language model's parts lie in checkpoints. */
export interface TextPlaces {
  readonly model: string;
  /** What stands before the head's own name. */
  readonly head?: string;
}

/** As Transformers has them in memory. */
export const HF_PLACES: TextPlaces = { model: 'model.language_model' };

/**
 * The language model that a part of config.json tells of, by its `model_type`.
 * @param whole config.json itself, which says whether head and embedding are one, where it says it
 * @throws ConfigError for one that no multimodal family here stands on
 */
export function textTraits(text: Config, places: TextPlaces, whole: Config = {}): DecoderTraits {
  const known = new ConfigReader(text).choice('model_type', Object.keys(MODELS), 'llama');
  const { traits: traitsOf, defaults } = MODELS[known];
  const { tie_word_embeddings: tied } = whole;
  const traits = traitsOf(
    new ConfigReader({ ...defaults, ...text, ...(tied !== undefined && { tie_word_embeddings: tied }) }),
  );
  const { lm_head = 'lm_head' } = traits.names ?? {};
  return {
    ...traits,
    names: {
      ...traits.names,
      model: places.model,
      lm_head: `${places.head ?? ''}${lm_head}`,
      tower: '',
    },
  };
}
