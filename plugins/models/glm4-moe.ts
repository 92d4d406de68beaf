import {
  DecoderLoader,
  decoderTraits,
  HeadRmsNorm,
  ropeFields,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { correctedLayers } from './_mixture.js';
import { GLMS } from './_gguf/glm.js';

/** GLM-4.5 to 4.7: mixtures of experts of Zhipu AI. */
@model({
  family: 'glm4_moe',
  summary: 'GLM-4.5 to 4.7: mixtures of experts of Zhipu AI',
  architectures: ['Glm4MoeForCausalLM'],
  model_types: ['glm4_moe'],
  gguf: { glm4moe: GLMS.glm4moe },
  template: 'glm4_5',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'glm-4.5-air-base': { hf: 'zai-org/GLM-4.5-Air-Base', ms: 'ZhipuAI/GLM-4.5-Air-Base' },
    'glm-4.5-air': { hf: 'zai-org/GLM-4.5-Air', ms: 'ZhipuAI/GLM-4.5-Air' },
    'glm-4.5-air-fp8': { hf: 'zai-org/GLM-4.5-Air-FP8', ms: 'ZhipuAI/GLM-4.5-Air-FP8', codec: 'fp8' },
    'glm-4.5-base': { hf: 'zai-org/GLM-4.5-Base', ms: 'ZhipuAI/GLM-4.5-Base' },
    'glm-4.5': { hf: 'zai-org/GLM-4.5', ms: 'ZhipuAI/GLM-4.5' },
    'glm-4.5-fp8': { hf: 'zai-org/GLM-4.5-FP8', ms: 'ZhipuAI/GLM-4.5-FP8', codec: 'fp8' },
    'glm-4.6': { hf: 'zai-org/GLM-4.6', ms: 'ZhipuAI/GLM-4.6' },
    'glm-4.6-fp8': { hf: 'zai-org/GLM-4.6-FP8', ms: 'ZhipuAI/GLM-4.6-FP8', codec: 'fp8' },
    'glm-4.7': { hf: 'zai-org/GLM-4.7', ms: 'ZhipuAI/GLM-4.7', template: 'glm4_7' },
    'glm-4.7-fp8': { hf: 'zai-org/GLM-4.7-FP8', ms: 'ZhipuAI/GLM-4.7-FP8', template: 'glm4_7', codec: 'fp8' },
  },
})
export class Glm4Moe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const llama = decoderTraits(reader, { norm_eps: 1e-5 });
    const partial = reader.number(
      'partial_rotary_factor',
      ropeFields(reader).number('partial_rotary_factor', 0.5),
    );
    const traits = {
      ...llama,
      bias: { qkv: reader.flag('attention_bias'), o: false, mlp: false },
      rotary_dims: Math.floor(llama.head_dim * partial),
      qk_norm: reader.flag('use_qk_norm') ? () => new HeadRmsNorm(llama.head_dim, llama.norm_eps) : undefined,
    };
    return { ...traits, feedForward: correctedLayers(reader, traits, { dense: 1, shared: 1 }) };
  }
}
