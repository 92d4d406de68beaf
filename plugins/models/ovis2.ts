import type { Config, MultimodalLM } from 'swift-ts/nn';
import {
  centres,
  FrameVideos,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { ovisImages, ovisModel } from './_ovis.js';

/** Frames of a video that are looked at; SWIFT's `nframes`. */
const FRAMES = 12;

/** Ovis 2, in the layout of its authors. https://github.com/AIDC-AI/Ovis */
@model({
  family: 'ovis2',
  summary: 'Ovis 2: pictures as mixtures of visual words, seen by AIMv2, and Qwen2.5',
  architectures: ['Ovis'],
  model_types: ['ovis'],
  media: ['image', 'video'],
  template: 'ovis2',
  // What pools pictures.
  ignored_tensors: [/^visual_tokenizer\.backbone\.vision_model\.head\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'ovis2-1b': { hf: 'AIDC-AI/Ovis2-1B', ms: 'AIDC-AI/Ovis2-1B', size: '1B' },
    'ovis2-2b': { hf: 'AIDC-AI/Ovis2-2B', ms: 'AIDC-AI/Ovis2-2B', size: '2B' },
    'ovis2-4b': { hf: 'AIDC-AI/Ovis2-4B', ms: 'AIDC-AI/Ovis2-4B', size: '4B' },
    'ovis2-8b': { hf: 'AIDC-AI/Ovis2-8B', ms: 'AIDC-AI/Ovis2-8B', size: '8B' },
    'ovis2-16b': { hf: 'AIDC-AI/Ovis2-16B', ms: 'AIDC-AI/Ovis2-16B', size: '16B' },
    'ovis2-34b': { hf: 'AIDC-AI/Ovis2-34B', ms: 'AIDC-AI/Ovis2-34B', size: '34B' },
  },
})
export class Ovis2 implements ModelLoader {
  build(config: Config): MultimodalLM {
    return ovisModel(config);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const image = ovisImages(config, settings);
    const video = new FrameVideos({
      image,
      choose: (facts) => centres(facts, FRAMES),
      text: (frame, features, frames) => image.token.repeat(features) + (frame === frames - 1 ? '\n' : ''),
    });
    return { image, video };
  }
}
