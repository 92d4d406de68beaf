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

/** InternVL 3 and 3.5 in the layout of Transformers. */
@model({
  family: 'internvl',
  summary: 'InternVL 3 and 3.5 as Transformers keeps them',
  architectures: ['InternVLForConditionalGeneration'],
  model_types: ['internvl'],
  media: ['image', 'video'],
  template: 'internvl_hf',
  former_names: HF_FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'internvl3-1b-hf': { hf: 'OpenGVLab/InternVL3-1B-hf', ms: 'OpenGVLab/InternVL3-1B-hf', size: '1B' },
    'internvl3-2b-hf': { hf: 'OpenGVLab/InternVL3-2B-hf', ms: 'OpenGVLab/InternVL3-2B-hf', size: '2B' },
    'internvl3-8b-hf': { hf: 'OpenGVLab/InternVL3-8B-hf', ms: 'OpenGVLab/InternVL3-8B-hf', size: '8B' },
    'internvl3-9b-hf': { hf: 'OpenGVLab/InternVL3-9B-hf', ms: 'OpenGVLab/InternVL3-9B-hf', size: '9B' },
    'internvl3-14b-hf': { hf: 'OpenGVLab/InternVL3-14B-hf', ms: 'OpenGVLab/InternVL3-14B-hf', size: '14B' },
    'internvl3-38b-hf': { hf: 'OpenGVLab/InternVL3-38B-hf', ms: 'OpenGVLab/InternVL3-38B-hf', size: '38B' },
    'internvl3-78b-hf': { hf: 'OpenGVLab/InternVL3-78B-hf', ms: 'OpenGVLab/InternVL3-78B-hf', size: '78B' },
    'internvl3_5-1b-hf': { hf: 'OpenGVLab/InternVL3_5-1B-HF', ms: 'OpenGVLab/InternVL3_5-1B-HF', size: '1B' },
    'internvl3_5-2b-hf': { hf: 'OpenGVLab/InternVL3_5-2B-HF', ms: 'OpenGVLab/InternVL3_5-2B-HF', size: '2B' },
    'internvl3_5-4b-hf': { hf: 'OpenGVLab/InternVL3_5-4B-HF', ms: 'OpenGVLab/InternVL3_5-4B-HF', size: '4B' },
    'internvl3_5-8b-hf': { hf: 'OpenGVLab/InternVL3_5-8B-HF', ms: 'OpenGVLab/InternVL3_5-8B-HF', size: '8B' },
    'internvl3_5-14b-hf': {
      hf: 'OpenGVLab/InternVL3_5-14B-HF',
      ms: 'OpenGVLab/InternVL3_5-14B-HF',
      size: '14B',
    },
    'internvl3_5-38b-hf': {
      hf: 'OpenGVLab/InternVL3_5-38B-HF',
      ms: 'OpenGVLab/InternVL3_5-38B-HF',
      size: '38B',
    },
    'internvl3_5-30b-a3b-hf': {
      hf: 'OpenGVLab/InternVL3_5-30B-A3B-HF',
      ms: 'OpenGVLab/InternVL3_5-30B-A3B-HF',
      size: '30B',
    },
    'internvl3_5-241b-a28b-hf': {
      hf: 'OpenGVLab/InternVL3_5-241B-A28B-HF',
      ms: 'OpenGVLab/InternVL3_5-241B-A28B-HF',
      size: '241B',
    },
    'internvl3_5-gpt-oss-20b-a4b-preview-hf': {
      hf: 'OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview-HF',
      ms: 'OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview-HF',
      size: '20B',
    },
  },
})
export class InternVl implements ModelLoader {
  build(config: Config): MultimodalLM {
    return hfInternModel(config);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return hfInternProcessor(config, settings);
  }
}
