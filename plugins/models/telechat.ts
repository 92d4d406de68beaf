import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

const NAMES = {
  model: 'transformer',
  embed_tokens: 'word_embeddings',
  layers: 'h',
  norm: 'ln_f',
  self_attn: 'self_attention',
  q_proj: 'query',
  qkv_proj: 'key_value',
  o_proj: 'dense',
};

/** TeleChat and TeleChat2 of China Telecom. */
@model({
  family: 'telechat',
  summary: 'TeleChat and TeleChat2 of China Telecom',
  architectures: ['TelechatForCausalLM', 'TeleChatForCausalLM', 'TeleChat2ForCausalLM'],
  model_types: ['telechat', 'telechat2'],
  template: 'telechat',
  lora_target_modules: ['key_value', 'query'],
  variants: {
    'telechat-12b-v2-gptq-int4': {
      ms: 'swift/TeleChat-12B-V2-GPTQ-Int4',
      template: 'telechat-v2',
      size: '12B',
      codec: 'gptq',
    },
    'telechat-12b-v2': {
      hf: 'Tele-AI/TeleChat-12B-v2',
      ms: 'TeleAI/TeleChat-12B-v2',
      template: 'telechat-v2',
      size: '12B',
    },
    'telechat-12b': { hf: 'Tele-AI/TeleChat-12B', ms: 'TeleAI/TeleChat-12B', size: '12B' },
    'telechat-7b': { hf: 'Tele-AI/telechat-7B', ms: 'TeleAI/TeleChat-7B', size: '7B' },
    'telechat-52b': { hf: 'TeleAI/TeleChat-52B', ms: 'TeleAI/TeleChat-52B', size: '52B' },
    'telechat2-35b': { hf: 'Tele-AI/TeleChat2-35B', ms: 'TeleAI/TeleChat2-35B', size: '35B' },
    'telechat2-115b': { hf: 'Tele-AI/TeleChat2-115B', ms: 'TeleAI/TeleChat2-115B', size: '115B' },
    'telechat2-3b': {
      hf: 'Tele-AI/TeleChat2-3B',
      ms: 'TeleAI/TeleChat2-3B',
      template: 'telechat2',
      size: '3B',
    },
    'telechat2-7b-32k': {
      hf: 'Tele-AI/TeleChat2-7B-32K',
      ms: 'TeleAI/TeleChat2-7B-32K',
      template: 'telechat2',
      size: '7B',
    },
    'telechat2-35b-32k': {
      hf: 'Tele-AI/TeleChat2-35B-32K',
      ms: 'TeleAI/TeleChat2-35B-32K',
      template: 'telechat2',
      size: '35B',
    },
    'telechat2-35b-nov': {
      hf: 'Tele-AI/TeleChat2-35B-Nov',
      ms: 'TeleAI/TeleChat2-35B-Nov',
      template: 'telechat2',
      size: '35B',
    },
  },
})
export class TeleChat extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    num_hidden_layers: 'n_layer',
    num_attention_heads: 'n_head',
    intermediate_size: 'ffn_hidden_size',
    max_position_embeddings: 'training_seqlen',
    rms_norm_eps: 'layer_norm_epsilon',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('apply_residual_connection_post_layernorm', false);
    reader.only('embed_layernorm', false);
    const traits = decoderTraits(reader, { max_position_embeddings: 8192, norm_eps: 1e-5 });
    return {
      ...traits,
      bias: { qkv: false, o: true, mlp: 'down' },
      rope_theta: stretchedTheta(traits, reader.count('base_seqlen', traits.max_position_embeddings)),
      qkv: 'pairs',
      names: NAMES,
    };
  }
}

/**
 * NTK scaling from the length of pretraining to that of training. TeleChat's own code stretches sequences beyond that
 * further still; here `max_position_embeddings` ends at it.
 */
function stretchedTheta(
  { rope_theta, head_dim, max_position_embeddings: trained }: DecoderTraits,
  base: number,
): number {
  const alpha = Math.max(2 ** Math.ceil(Math.log2(trained / base) + 1) - 1, 1);
  return rope_theta * alpha ** (head_dim / (head_dim - 2));
}
