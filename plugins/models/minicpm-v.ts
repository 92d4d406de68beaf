import { MultimodalLM, type Config } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { slicedMedia, slices } from './_minicpm-v.js';

/** MiniCPM-V (Yao et al., 2024, arXiv 2408.01800). */
@model({
  family: 'minicpmv',
  summary: 'MiniCPM-V: slices of pictures, each to as few features by learned queries',
  architectures: ['MiniCPMV'],
  model_types: ['minicpmv'],
  media: ['image', 'video'],
  template: 'minicpm-v-v2_6',
  lora_target_modules: ['all-linear'],
  variants: {
    'minicpm-v-3b-chat': {
      hf: 'openbmb/MiniCPM-V',
      ms: 'OpenBMB/MiniCPM-V',
      template: 'minicpm-v',
      size: '3B',
    },
    'minicpm-v-v2-chat': {
      hf: 'openbmb/MiniCPM-V-2',
      ms: 'OpenBMB/MiniCPM-V-2',
      template: 'minicpm-v',
    },
    'minicpm-v-v2_5-chat': {
      hf: 'openbmb/MiniCPM-Llama3-V-2_5',
      ms: 'OpenBMB/MiniCPM-Llama3-V-2_5',
      template: 'minicpm-v-v2_5',
    },
    'minicpm-v-v2_6-chat': { hf: 'openbmb/MiniCPM-V-2_6', ms: 'OpenBMB/MiniCPM-V-2_6' },
    'minicpm-v-4': { hf: 'openbmb/MiniCPM-V-4', ms: 'OpenBMB/MiniCPM-V-4', template: 'minicpmv4' },
    'minicpm-v-4_5': {
      hf: 'openbmb/MiniCPM-V-4_5',
      ms: 'OpenBMB/MiniCPM-V-4_5',
      template: 'minicpmv4_5',
    },
  },
})
export class MiniCpmV implements ModelLoader {
  build(config: Config): MultimodalLM {
    return new MultimodalLM(slices(config));
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return slicedMedia(config, settings);
  }
}
