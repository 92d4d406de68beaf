import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { glmTraits } from './_glm.js';
import { GLMS } from './_gguf/glm.js';

/** GLM-4-0414 and GLM-Z1: GLM with norms around each branch. */
@model({
  family: 'glm4',
  summary: 'GLM-4-0414 and GLM-Z1: GLM with norms around each branch',
  architectures: ['Glm4ForCausalLM'],
  model_types: ['glm4'],
  gguf: { glm4: GLMS.glm4 },
  template: 'glm4',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'glm-4-9b-0414': { hf: 'zai-org/GLM-4-9B-0414', ms: 'ZhipuAI/GLM-4-9B-0414', size: '9B' },
    'glm-4-32b-0414': { hf: 'zai-org/GLM-4-32B-0414', ms: 'ZhipuAI/GLM-4-32B-0414', size: '32B' },
    'glm-4-32b-base-0414': {
      hf: 'zai-org/GLM-4-32B-Base-0414',
      ms: 'ZhipuAI/GLM-4-32B-Base-0414',
      size: '32B',
    },
    'glm-z1-9b-0414': { hf: 'zai-org/GLM-Z1-9B-0414', ms: 'ZhipuAI/GLM-Z1-9B-0414', size: '9B' },
    'glm-z1-32b-0414': { hf: 'zai-org/GLM-Z1-32B-0414', ms: 'ZhipuAI/GLM-Z1-32B-0414', size: '32B' },
    'glm-z1-rumination-32b-0414': {
      hf: 'zai-org/GLM-Z1-Rumination-32B-0414',
      ms: 'ZhipuAI/GLM-Z1-Rumination-32B-0414',
      template: 'glm4_z1_rumination',
      size: '32B',
    },
  },
})
export class Glm4 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...glmTraits(reader), placement: 'sandwich' };
  }
}
