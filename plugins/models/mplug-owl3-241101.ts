import type { Config, MultimodalLM } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { OWL_IGNORED, owlModel, owlProcessor } from './_mplug-owl3.js';

/** mPLUG-Owl3 of November 2024: its layers look at tokens and pictures at once. */
@model({
  family: 'mplug_owl3_241101',
  summary: 'mPLUG-Owl3 241101: tokens and pictures in one softmax of some layers of Qwen2',
  architectures: [],
  same_architecture_as: 'mplug_owl3',
  media: ['image', 'video'],
  template: 'mplug_owl3_241101',
  ignored_tensors: OWL_IGNORED,
  lora_target_modules: ['all-linear'],
  variants: {
    'mplug-owl3-7b-241101': { hf: 'mPLUG/mPLUG-Owl3-7B-241101', ms: 'iic/mPLUG-Owl3-7B-241101', size: '7B' },
  },
})
export class MplugOwl3Fused implements ModelLoader {
  build(config: Config): MultimodalLM {
    return owlModel(config, true);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return owlProcessor(config, settings, true);
  }
}
