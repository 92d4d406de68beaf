import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

const NAMES = {
  model: 'transformer',
  embed_tokens: 'wte',
  layers: 'h',
  input_layernorm: 'ln_1',
  self_attn: 'attn',
  o_proj: 'out_proj',
  up_proj: 'fc_in',
  down_proj: 'fc_out',
  norm: 'ln_f',
};

/** GPT-J: parallel branches, neighbouring dimensions turn together. */
@model({
  family: 'gptj',
  summary: 'GPT-J: parallel branches, neighbouring dimensions turn together',
  architectures: ['GPTJForCausalLM'],
  model_types: ['gptj'],
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'gpt-j-6b': { hf: 'EleutherAI/gpt-j-6b', size: '6B' },
  },
})
export class GptJ extends DecoderLoader implements ModelLoader {
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
    return {
      ...decoderTraits(reader, {
        intermediate_size: 4 * reader.count('hidden_size'),
        norm_eps: 1e-5,
        activation: 'gelu_new',
      }),
      bias: { qkv: false, o: false, mlp: true },
      norm: 'layer',
      placement: 'parallel',
      rotary_dims: reader.count('rotary_dim', 64),
      rope_interleaved: true,
      mlp: 'plain',
      logits: { bias: true },
      names: NAMES,
    };
  }
}
