/** The language models of DeepSeek that multimodal ones stand on too. */
import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { latentTraits } from './_latent.js';
import { correctedLayers, expertGroups, laterLayers, type CorrectedDefaults } from './_mixture.js';

/** DeepSeek-MoE. */
export function deepseekMoeTraits(reader: ConfigReader): DecoderTraits {
  const traits = decoderTraits(reader);
  const route = { normalize: reader.flag('norm_topk_prob') };
  return { ...traits, feedForward: laterLayers(reader, traits, { route }) };
}

/** DeepSeek-V2. */
export function deepseekV2Traits(reader: ConfigReader): DecoderTraits {
  const traits = latentTraits(reader, true);
  const isGrouped = reader.get('topk_method') === 'group_limited_greedy';
  const route = {
    normalize: false,
    scale: reader.number('routed_scaling_factor', 1),
    groups: isGrouped ? expertGroups(reader, 'best') : undefined,
  };
  return { ...traits, feedForward: laterLayers(reader, traits, { route, shared: 2 }) };
}

const V3: CorrectedDefaults = { scale: 2.5, groups: [8, 4], dense: 3, shared: 1 };

/** DeepSeek-V3. */
export function deepseekV3Traits(reader: ConfigReader, defaults = V3): DecoderTraits {
  const traits = latentTraits(reader, reader.flag('rope_interleave', true));
  return { ...traits, feedForward: correctedLayers(reader, traits, defaults) };
}

/** Values of `DeepseekV2Config` as the authors published it. */
const SIZES = {
  hidden_size: 4096,
  intermediate_size: 11_008,
  moe_intermediate_size: 1407,
  num_hidden_layers: 30,
  num_attention_heads: 32,
  vocab_size: 102_400,
  kv_lora_rank: 512,
  q_lora_rank: 1536,
  qk_rope_head_dim: 64,
  qk_nope_head_dim: 128,
  v_head_dim: 128,
  max_position_embeddings: 2048,
};

/** A config whose fields tell which of these it is, as DeepSeek-VL2 and DeepSeek-OCR have them. */
export function anyDeepseekTraits(reader: ConfigReader): DecoderTraits {
  const own = reader.with({ ...SIZES, ...reader.config });
  const method = own.choice(
    'topk_method',
    ['greedy', 'gready', 'group_limited_greedy', 'noaux_tc'],
    'greedy',
  );
  if (method === 'noaux_tc') {
    own.only('scoring_func', 'sigmoid');
    return deepseekV3Traits(own, { normalize: false, scale: 1, groups: [1, 1] });
  }
  own.only('scoring_func', 'softmax');
  if (own.flag('use_mla', true)) {
    own.only('norm_topk_prob', false);
    return deepseekV2Traits(own);
  }
  // Scores are scaled by this only.
  own.only('routed_scaling_factor', 1);
  return deepseekMoeTraits(own);
}
