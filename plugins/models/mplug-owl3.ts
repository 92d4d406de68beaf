import type { Config, MultimodalLM } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { OWL_IGNORED, owlModel, owlProcessor } from './_mplug-owl3.js';

/** mPLUG-Owl3 of July 2024: what its layers see of tokens and of pictures is mixed by a gate. */
@model({
  family: 'mplug_owl3',
  summary: 'mPLUG-Owl3: some layers of Qwen2 look at pictures too, mixed in by a gate',
  architectures: ['mPLUGOwl3Model'],
  model_types: ['mplugowl3'],
  media: ['image', 'video'],
  template: 'mplug_owl3',
  ignored_tensors: OWL_IGNORED,
  lora_target_modules: ['all-linear'],
  variants: {
    'mplug-owl3-7b-chat': { hf: 'mPLUG/mPLUG-Owl3-7B-240728', ms: 'iic/mPLUG-Owl3-7B-240728', size: '7B' },
  },
})
export class MplugOwl3 implements ModelLoader {
  build(config: Config): MultimodalLM {
    return owlModel(config, false);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return owlProcessor(config, settings, false);
  }
}
