import type { Config, MultimodalLM } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { hfInternModel, hfInternProcessor } from './_internvl.js';
import { HF_FORMER_NAMES } from './_towers.js';

/** Intern-S1 (Bai et al., 2025, arXiv 2508.15763): InternVL's parts around a language model of science. */
@model({
  family: 'interns1',
  summary: 'Intern-S1: InternViT over tiles of a picture, and Qwen3',
  architectures: ['InternS1ForConditionalGeneration'],
  model_types: ['interns1'],
  media: ['image', 'video'],
  template: 'interns1',
  former_names: HF_FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'intern-s1-mini': { hf: 'internlm/Intern-S1-mini', ms: 'Shanghai_AI_Laboratory/Intern-S1-mini' },
    'intern-s1': { hf: 'internlm/Intern-S1', ms: 'Shanghai_AI_Laboratory/Intern-S1' },
    'intern-s1-mini-fp8': {
      hf: 'internlm/Intern-S1-mini-FP8',
      ms: 'Shanghai_AI_Laboratory/Intern-S1-mini-FP8',
      codec: 'fp8',
    },
    'intern-s1-fp8': {
      hf: 'internlm/Intern-S1-FP8',
      ms: 'Shanghai_AI_Laboratory/Intern-S1-FP8',
      codec: 'fp8',
    },
  },
})
export class InternS1 implements ModelLoader {
  build(config: Config): MultimodalLM {
    return hfInternModel(config);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return hfInternProcessor(config, settings);
  }
}
