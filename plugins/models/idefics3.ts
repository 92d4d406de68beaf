import type { Config, MultimodalLM } from 'swift-ts/nn';
import {
  model,
  SplitImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { idefics3, idefics3Images } from './_idefics3.js';

/** Idefics3 (Laurençon et al., 2024, arXiv 2408.12637) and SmolVLM (Marafioti et al., 2025, arXiv 2504.05299). */
@model({
  family: 'idefics3',
  summary:
    'Idefics3 and SmolVLM: SigLIP over tiles of an enlarged picture, each with its row and column in the text',
  architectures: ['Idefics3ForConditionalGeneration'],
  model_types: ['idefics3'],
  media: ['image'],
  template: 'idefics3',
  lora_target_modules: ['all-linear'],
  variants: {
    'idefics3-8b-llama3': {
      hf: 'HuggingFaceM4/Idefics3-8B-Llama3',
      ms: 'AI-ModelScope/Idefics3-8B-Llama3',
      size: '8B',
    },
    'smolvlm-256m-instruct': {
      hf: 'HuggingFaceTB/SmolVLM-256M-Instruct',
      ms: 'HuggingFaceTB/SmolVLM-256M-Instruct',
      template: 'smolvlm',
      size: '256M',
    },
    'smolvlm-500m-instruct': {
      hf: 'HuggingFaceTB/SmolVLM-500M-Instruct',
      ms: 'HuggingFaceTB/SmolVLM-500M-Instruct',
      template: 'smolvlm',
      size: '500M',
    },
    'smolvlm-instruct': {
      hf: 'HuggingFaceTB/SmolVLM-Instruct',
      ms: 'HuggingFaceTB/SmolVLM-Instruct',
      template: 'smolvlm',
    },
  },
})
export class Idefics3 implements ModelLoader {
  build(config: Config): MultimodalLM {
    return idefics3(config);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return { image: new SplitImages(idefics3Images(config, settings)) };
  }
}
