import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { internlm2Traits } from './_internlm2.js';

/** Reward models of InternLM2: a score at `<|reward|>`, which ends a conversation. */
@model({
  family: 'internlm2_reward',
  summary: 'Reward models of InternLM2: a score at the token that ends a conversation',
  architectures: ['InternLM2ForRewardModel'],
  template: 'internlm2_reward',
  lora_target_modules: ['wqkv'],
  variants: {
    'internlm2-1_8b-reward': {
      hf: 'internlm/internlm2-1_8b-reward',
      ms: 'Shanghai_AI_Laboratory/internlm2-1_8b-reward',
      size: '1.8B',
    },
    'internlm2-7b-reward': {
      hf: 'internlm/internlm2-7b-reward',
      ms: 'Shanghai_AI_Laboratory/internlm2-7b-reward',
      size: '7B',
    },
    'internlm2-20b-reward': {
      hf: 'internlm/internlm2-20b-reward',
      ms: 'Shanghai_AI_Laboratory/internlm2-20b-reward',
      size: '20B',
    },
  },
})
export class InternLm2Reward extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = internlm2Traits(reader);
    return { ...traits, wordless: true, names: { ...traits.names, score: 'v_head' } };
  }
}
