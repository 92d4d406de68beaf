import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { GPTS } from './_gguf/gpt.js';

const NAMES = {
  model: 'transformer',
  embed_tokens: 'wte',
  embed_positions: 'wpe',
  layers: 'h',
  norm: 'ln_f',
  input_layernorm: 'ln_1',
  self_attn: 'attn',
  qkv_proj: 'c_attn',
  o_proj: 'c_proj',
  post_attention_layernorm: 'ln_2',
  up_proj: 'c_fc',
  down_proj: 'c_proj',
};

/** GPT-2 and what is built like it, such as PolyLM. */
@model({
  family: 'gpt2',
  summary: 'GPT-2 and what is built like it, such as PolyLM',
  architectures: ['GPT2LMHeadModel'],
  model_types: ['gpt2'],
  gguf: { gpt2: GPTS.gpt2 },
  template: 'default-generation',
  lora_target_modules: ['c_attn'],
  variants: {
    'polylm-13b': { hf: 'DAMO-NLP-MT/polylm-13b', ms: 'damo/nlp_polylm_13b_text_generation', size: '13B' },
  },
})
export class Gpt2 extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    hidden_size: 'n_embd',
    num_hidden_layers: 'n_layer',
    num_attention_heads: 'n_head',
    max_position_embeddings: 'n_positions',
    intermediate_size: 'n_inner',
    rms_norm_eps: 'layer_norm_epsilon',
    hidden_act: 'activation_function',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    for (const field of ['scale_attn_by_inverse_layer_idx', 'add_cross_attention'])
      if (reader.flag(field)) throw reader.error(field, 'false');
    const traits = decoderTraits(reader, {
      intermediate_size: 4 * reader.count('hidden_size'),
      norm_eps: 1e-5,
      tie_word_embeddings: true,
      activation: 'gelu_new',
    });
    return {
      ...traits,
      bias: { qkv: true, o: true, mlp: true },
      norm: 'layer',
      embedding: { positions: traits.max_position_embeddings },
      qkv: 'concat',
      transposed: true,
      attention_scale: reader.flag('scale_attn_weights', true) ? undefined : 1,
      mlp: 'plain',
      names: NAMES,
    };
  }
}
