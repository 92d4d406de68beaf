import {
  DecoderLoader,
  decoderTraits,
  type Config,
  type ConfigReader,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { GPTS } from './_gguf/gpt.js';

const NAMES = {
  model: 'transformer',
  embed_tokens: 'word_embeddings',
  embed_norm: 'word_embeddings_layernorm',
  layers: 'h',
  self_attn: 'self_attention',
  qkv_proj: 'query_key_value',
  o_proj: 'dense',
  up_proj: 'dense_h_to_4h',
  down_proj: 'dense_4h_to_h',
  norm: 'ln_f',
};

/** BLOOM and SeqGPT: ALiBi, normed embeddings. */
@model({
  family: 'bloom',
  summary: 'BLOOM and SeqGPT: ALiBi, normed embeddings',
  architectures: ['BloomForCausalLM'],
  model_types: ['bloom'],
  gguf: { bloom: GPTS.bloom },
  template: 'default-generation',
  lora_target_modules: ['query_key_value'],
  variants: {
    'seqgpt-560m': { hf: 'DAMO-NLP/SeqGPT-560M', ms: 'damo/nlp_seqgpt-560m', size: '560M' },
    'bloom-560m': { hf: 'bigscience/bloom-560m', size: '560M' },
    'bloom-1b1': { hf: 'bigscience/bloom-1b1', size: '1.1B' },
    'bloom-1b7': { hf: 'bigscience/bloom-1b7', size: '1.7B' },
    'bloom-3b': { hf: 'bigscience/bloom-3b', size: '3B' },
    'bloom-7b1': { hf: 'bigscience/bloom-7b1', size: '7.1B' },
    'bloom-176b': { hf: 'bigscience/bloom', size: '176B' },
  },
})
export class Bloom extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    num_hidden_layers: 'n_layer',
    num_attention_heads: 'n_head',
    max_position_embeddings: 'seq_length',
    rms_norm_eps: 'layer_norm_epsilon',
  };

  /** The first of its configs have two fields by other names. */
  override build(config: Config): Decoder {
    const { n_embed: hidden_size, num_attention_heads: n_head } = config;
    return super.build({ hidden_size, n_head, ...config });
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    if (reader.flag('apply_residual_connection_post_layernorm'))
      throw reader.error('apply_residual_connection_post_layernorm', 'false');
    return {
      ...decoderTraits(reader, {
        intermediate_size: 4 * reader.count('hidden_size'),
        norm_eps: 1e-5,
        tie_word_embeddings: true,
        activation: 'gelu_new',
      }),
      bias: { qkv: true, o: true, mlp: true },
      norm: 'layer',
      alibi: 1,
      qkv: 'grouped',
      mlp: 'plain',
      embedding: { norm: 'layer' },
      names: NAMES,
    };
  }
}
