import { DecoderLoader, HeadRmsNorm, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { bailingTraits, EXPERT_FIELDS } from './_bailing.js';
import { expertGroups, laterLayers } from './_mixture.js';
import { CHINESE } from './_gguf/chinese.js';

/** Ling 2.0 and Ring 2.0 of inclusionAI: normed queries and keys, a corrected choice of experts. */
@model({
  family: 'bailing_moe',
  summary: 'Ling 2.0 and Ring 2.0 of inclusionAI: normed queries and keys, a corrected choice of experts',
  architectures: ['BailingMoeV2ForCausalLM'],
  model_types: ['bailing_moe_v2'],
  gguf: { bailingmoe2: CHINESE.bailingmoe2 },
  template: 'ling2',
  lora_target_modules: ['query_key_value'],
  variants: {
    'ling-mini-2.0': { hf: 'inclusionAI/Ling-mini-2.0', ms: 'inclusionAI/Ling-mini-2.0' },
    'ling-mini-base-2.0': { hf: 'inclusionAI/Ling-mini-base-2.0', ms: 'inclusionAI/Ling-mini-base-2.0' },
    'ling-1t': { hf: 'inclusionAI/Ling-1T', ms: 'inclusionAI/Ling-1T', size: '1T' },
    'ring-mini-2.0': { hf: 'inclusionAI/Ring-mini-2.0', ms: 'inclusionAI/Ring-mini-2.0', template: 'ring2' },
  },
})
export class BailingMoeV2 extends DecoderLoader implements ModelLoader {
  protected override readonly fields = EXPERT_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const bailing = bailingTraits(reader);
    const { head_dim, norm_eps } = bailing;
    const traits = {
      ...bailing,
      qk_norm: reader.flag('use_qk_norm', true) ? () => new HeadRmsNorm(head_dim, norm_eps) : undefined,
    };
    const route = {
      score: 'sigmoid' as const,
      normalize: true,
      scale: reader.number('routed_scaling_factor', 1),
      groups: expertGroups(reader, 'best-two'),
    };
    return {
      ...traits,
      feedForward: laterLayers(reader, traits, { corrected: true, route }),
    };
  }
}
