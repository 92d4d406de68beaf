import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { GPTS } from './_gguf/gpt.js';

const NAMES = {
  model: 'transformer',
  embed_tokens: 'word_embeddings',
  layers: 'h',
  self_attn: 'self_attention',
  qkv_proj: 'query_key_value',
  o_proj: 'dense',
  up_proj: 'dense_h_to_4h',
  down_proj: 'dense_4h_to_h',
  norm: 'ln_f',
};

/** Falcon in its three layouts: 7B, new architecture, RefinedWeb. */
@model({
  family: 'falcon',
  summary: 'Falcon in its three layouts: 7B, new architecture, RefinedWeb',
  architectures: ['FalconForCausalLM'],
  model_types: ['falcon'],
  gguf: { falcon: GPTS.falcon },
  template: 'default-generation',
  lora_target_modules: ['query_key_value'],
  variants: {
    'falcon-7b': { hf: 'tiiuae/falcon-7b', size: '7B' },
    'falcon-40b': { hf: 'tiiuae/falcon-40b', size: '40B' },
    'falcon-180b': { hf: 'tiiuae/falcon-180B', size: '180B' },
    'falcon-11b': { hf: 'tiiuae/falcon-11B', size: '11B' },
    'falcon-rw-1b': { hf: 'tiiuae/falcon-rw-1b', size: '1B' },
    'falcon-rw-7b': { hf: 'tiiuae/falcon-rw-7b', size: '7B' },
  },
})
export class Falcon extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    num_key_value_heads: 'num_kv_heads',
    intermediate_size: 'ffn_hidden_size',
    rms_norm_eps: 'layer_norm_epsilon',
    hidden_act: 'activation',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = decoderTraits(reader, {
      intermediate_size: 4 * reader.count('hidden_size'),
      norm_eps: 1e-5,
      tie_word_embeddings: true,
      activation: 'gelu',
    });
    const bias = reader.flag('bias');
    if (reader.flag('alibi') && reader.flag('parallel_attn', true))
      throw reader.error('alibi', 'false, but with parallel_attn false, as in Falcon RW');
    return {
      ...traits,
      ...keysAndStorage(reader, traits),
      ...placementAndNames(reader),
      bias: { qkv: bias, o: bias, mlp: bias },
      norm: 'layer',
      // It is added before the scores are scaled. Transformers rounds it to bfloat16, which is not done here.
      alibi: reader.flag('alibi') ? traits.head_dim ** -0.5 : undefined,
      mlp: 'plain',
    };
  }
}

/** The new architecture groups queries by key head; before it, all queries shared one, or each had its own. */
function keysAndStorage(
  reader: ConfigReader,
  { num_attention_heads, num_key_value_heads }: DecoderTraits,
): Pick<DecoderTraits, 'num_key_value_heads' | 'qkv'> {
  if (reader.flag('new_decoder_architecture')) return { num_key_value_heads, qkv: 'grouped' };
  if (reader.flag('multi_query', true)) return { num_key_value_heads: 1, qkv: 'concat' };
  return { num_key_value_heads: num_attention_heads, qkv: 'grouped' };
}

function placementAndNames(reader: ConfigReader): Pick<DecoderTraits, 'placement' | 'names'> {
  if (!reader.flag('parallel_attn', true)) return { placement: 'pre', names: NAMES };
  const isNew = reader.flag('new_decoder_architecture');
  if (reader.count('num_ln_in_parallel_attn', isNew ? 2 : 1) === 1)
    return { placement: 'parallel', names: NAMES };
  const names = { ...NAMES, input_layernorm: 'ln_attn', post_attention_layernorm: 'ln_mlp' };
  return { placement: 'parallel-two', names };
}
