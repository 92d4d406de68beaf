import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { bailingTraits, EXPERT_FIELDS } from './_bailing.js';
import { laterLayers } from './_mixture.js';
import { CHINESE } from './_gguf/chinese.js';

/** Ling of inclusionAI: experts, a head whose columns are scaled to length 1. */
@model({
  family: 'ling',
  summary: 'Ling of inclusionAI: experts, a head whose columns are scaled to length 1',
  architectures: ['BailingMoeForCausalLM'],
  model_types: ['bailing_moe'],
  gguf: { bailingmoe: CHINESE.bailingmoe },
  template: 'ling',
  lora_target_modules: ['query_key_value'],
  variants: {
    'ling-lite': { hf: 'inclusionAI/Ling-lite', ms: 'inclusionAI/Ling-lite' },
    'ling-plus': { hf: 'inclusionAI/Ling-plus', ms: 'inclusionAI/Ling-plus' },
    'ling-lite-base': { hf: 'inclusionAI/Ling-lite-base', ms: 'inclusionAI/Ling-lite-base' },
    'ling-plus-base': { hf: 'inclusionAI/Ling-plus-base', ms: 'inclusionAI/Ling-plus-base' },
  },
})
export class Ling extends DecoderLoader implements ModelLoader {
  protected override readonly fields = EXPERT_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = bailingTraits(reader);
    return {
      ...traits,
      logits: { normalized: reader.flag('norm_head') ? 'columns' : undefined },
      feedForward: laterLayers(reader, traits, {
        route: { normalize: reader.flag('norm_topk_prob', true) },
      }),
    };
  }
}
