import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { glmTraits } from './_glm.js';

/** GLM-Edge and GLM-4 as Transformers has it: half of each head turns, in neighbouring pairs. */
@model({
  family: 'glm',
  summary: 'GLM-Edge and GLM-4 as Transformers has it: half of each head turns, in neighbouring pairs',
  architectures: ['GlmForCausalLM'],
  model_types: ['glm'],
  template: 'chatglm4',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'glm-edge-1.5b-chat': {
      hf: 'zai-org/glm-edge-1.5b-chat',
      ms: 'ZhipuAI/glm-edge-1.5b-chat',
      size: '1.5B',
    },
    'glm-edge-4b-chat': { hf: 'zai-org/glm-edge-4b-chat', ms: 'ZhipuAI/glm-edge-4b-chat', size: '4B' },
    // SWIFT has it among the models that see, too, with their template; it reads text.
    'zhipuai--glm-edge-4b-chat': {
      hf: 'zai-org/glm-edge-4b-chat',
      ms: 'ZhipuAI/glm-edge-4b-chat',
      template: 'glm_edge_v',
      size: '4B',
    },
  },
})
export class Glm extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return glmTraits(reader);
  }
}
