import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen2Traits } from './_qwen.js';

/** MiMo of Xiaomi, which is built like Qwen2. */
@model({
  family: 'mimo',
  summary: 'MiMo of Xiaomi, which is built like Qwen2',
  architectures: ['MiMoForCausalLM'],
  model_types: ['mimo'],
  template: 'qwen',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'mimo-7b-base': { hf: 'XiaomiMiMo/MiMo-7B-Base', ms: 'XiaomiMiMo/MiMo-7B-Base', size: '7B' },
    'mimo-7b-sft': { hf: 'XiaomiMiMo/MiMo-7B-SFT', ms: 'XiaomiMiMo/MiMo-7B-SFT', size: '7B' },
    'mimo-7b-rl-zero': { hf: 'XiaomiMiMo/MiMo-7B-RL-Zero', ms: 'XiaomiMiMo/MiMo-7B-RL-Zero', size: '7B' },
    'mimo-7b-rl': { hf: 'XiaomiMiMo/MiMo-7B-RL', ms: 'XiaomiMiMo/MiMo-7B-RL', size: '7B' },
    'mimo-7b-rl-0530': {
      hf: 'XiaomiMiMo/MiMo-7B-RL-0530',
      ms: 'XiaomiMiMo/MiMo-7B-RL-0530',
      template: 'mimo_rl',
      size: '7B',
    },
  },
})
export class MiMo extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return qwen2Traits(reader, 'attention_bias');
  }
}
