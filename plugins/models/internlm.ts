import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** InternLM of Shanghai AI Laboratory: Llama with biases around attention. */
@model({
  family: 'internlm',
  summary: 'InternLM of Shanghai AI Laboratory: Llama with biases around attention',
  architectures: ['InternLMForCausalLM'],
  model_types: ['internlm'],
  template: 'internlm',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'internlm-7b': {
      hf: 'internlm/internlm-7b',
      ms: 'Shanghai_AI_Laboratory/internlm-7b',
      template: 'default-generation',
      size: '7B',
    },
    'internlm-20b': {
      hf: 'internlm/internlm-20b',
      ms: 'Shanghai_AI_Laboratory/internlm-20b',
      template: 'default-generation',
      size: '20B',
    },
    'internlm-7b-chat': {
      hf: 'internlm/internlm-chat-7b',
      ms: 'Shanghai_AI_Laboratory/internlm-chat-7b',
      size: '7B',
    },
    'internlm-7b-chat-8k': { ms: 'Shanghai_AI_Laboratory/internlm-chat-7b-8k', size: '7B' },
    'internlm-20b-chat': {
      hf: 'internlm/internlm-chat-20b',
      ms: 'Shanghai_AI_Laboratory/internlm-chat-20b',
      size: '20B',
    },
  },
})
export class InternLm extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = decoderTraits(reader);
    const bias = reader.flag('bias', true);
    const rotary = reader.nested('rotary');
    const type = rotary.choice('type', ['origin', 'dynamic'], 'origin');
    return {
      ...traits,
      bias: { qkv: bias, o: bias, mlp: false },
      rope_theta: rotary.number('base', traits.rope_theta),
      rope_scaling:
        type === 'origin'
          ? undefined
          : {
              type,
              factor: rotary.number('scaling_factor', 1),
              original_max_position_embeddings: traits.max_position_embeddings,
            },
    };
  }
}
