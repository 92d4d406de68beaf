import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { latentTraits } from './_latent.js';
import { correctedLayers } from './_mixture.js';

/** GLM-4.7-Flash: latent attention, a corrected choice of experts. */
@model({
  family: 'glm4_moe_lite',
  summary: 'GLM-4.7-Flash: latent attention, a corrected choice of experts',
  architectures: ['Glm4MoeLiteForCausalLM'],
  model_types: ['glm4_moe_lite'],
  template: 'glm4_7',
  lora_target_modules: ['q_proj', 'q_a_proj', 'q_b_proj', 'kv_a_proj_with_mqa', 'kv_b_proj', 'o_proj'],
  variants: {
    'glm-4.7-flash': { hf: 'zai-org/GLM-4.7-Flash', ms: 'ZhipuAI/GLM-4.7-Flash' },
  },
})
export class Glm4MoeLite extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = latentTraits(reader, reader.flag('rope_interleave', true), { norm_eps: 1e-5 });
    return { ...traits, feedForward: correctedLayers(reader, traits, { scale: 1.8, dense: 1, shared: 1 }) };
  }
}
