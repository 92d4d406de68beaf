import type { Config, MultimodalLM } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { ovisImages, ovisModel } from './_ovis.js';

/** Ovis 1.6 (Lu et al., 2024, arXiv 2405.20797). https://github.com/AIDC-AI/Ovis */
@model({
  family: 'ovis1_6',
  summary: 'Ovis 1.6: pictures as mixtures of visual words, seen by SigLIP, and Gemma 2 or Llama 3.2',
  architectures: [],
  same_architecture_as: 'ovis2',
  media: ['image'],
  template: 'ovis1_6',
  // What pools pictures.
  ignored_tensors: [/^visual_tokenizer\.backbone\.vision_model\.head\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'ovis1.6-gemma2-9b': { hf: 'AIDC-AI/Ovis1.6-Gemma2-9B', ms: 'AIDC-AI/Ovis1.6-Gemma2-9B', size: '9B' },
    'ovis1.6-gemma2-9b-gptq-int4': {
      hf: 'AIDC-AI/Ovis1.6-Gemma2-9B-GPTQ-Int4',
      ms: 'AIDC-AI/Ovis1.6-Gemma2-9B-GPTQ-Int4',
      size: '9B',
      codec: 'gptq',
    },
    'ovis1.6-gemma2-27b': {
      hf: 'AIDC-AI/Ovis1.6-Gemma2-27B',
      ms: 'AIDC-AI/Ovis1.6-Gemma2-27B',
      size: '27B',
    },
    'ovis1.6-llama3.2-3b': {
      hf: 'AIDC-AI/Ovis1.6-Llama3.2-3B',
      ms: 'AIDC-AI/Ovis1.6-Llama3.2-3B',
      template: 'ovis1_6_llama3',
      size: '3B',
    },
  },
})
export class Ovis16 implements ModelLoader {
  build(config: Config): MultimodalLM {
    return ovisModel(config);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return { image: ovisImages(config, settings) };
  }
}
