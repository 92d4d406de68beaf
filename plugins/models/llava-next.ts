import { ConfigReader, MultimodalLM, NewlineRows, TileTower, type Config } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { anyresImages, llavaProjector, llavaVit, POSITION_IDS } from './_llava.js';
import { HF_PLACES, textTraits } from './_text.js';
import { HF_FORMER_NAMES, HF_ROLES, HF_TOWER } from './_towers.js';

/** LLaVA-NeXT (Liu et al., 2024, https://llava-vl.github.io/blog/2024-01-30-llava-next/), as Hugging Face keeps it. */
@model({
  family: 'llava_next_hf',
  summary: 'LLaVA-NeXT (1.6): CLIP over a picture and its tiles',
  architectures: ['LlavaNextForConditionalGeneration'],
  model_types: ['llava_next'],
  media: ['image'],
  template: 'llava-vicuna',
  former_names: HF_FORMER_NAMES,
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'llava1_6-mistral-7b-instruct': {
      hf: 'llava-hf/llava-v1.6-mistral-7b-hf',
      ms: 'swift/llava-v1.6-mistral-7b-hf',
      template: 'llava-mistral',
      size: '7B',
    },
    'llava1_6-vicuna-13b-instruct': {
      hf: 'llava-hf/llava-v1.6-vicuna-13b-hf',
      ms: 'swift/llava-v1.6-vicuna-13b-hf',
      size: '13B',
    },
    'llava1_6-vicuna-7b-instruct': {
      hf: 'llava-hf/llava-v1.6-vicuna-7b-hf',
      ms: 'swift/llava-v1.6-vicuna-7b-hf',
      size: '7B',
    },
    'llama3-llava-next-8b-hf': {
      hf: 'llava-hf/llama3-llava-next-8b-hf',
      ms: 'swift/llama3-llava-next-8b-hf',
      template: 'llama-llava-next-hf',
      size: '8B',
    },
    'llava-next-110b-hf': {
      hf: 'llava-hf/llava-next-110b-hf',
      ms: 'AI-ModelScope/llava-next-110b-hf',
      template: 'llama-qwen-hf',
      size: '110B',
    },
    'llava-next-72b-hf': {
      hf: 'llava-hf/llava-next-72b-hf',
      ms: 'AI-ModelScope/llava-next-72b-hf',
      template: 'llama-qwen-hf',
      size: '72B',
    },
    'llava1_6-yi-34b-instruct': {
      hf: 'llava-hf/llava-v1.6-34b-hf',
      ms: 'swift/llava-v1.6-34b-hf',
      template: 'llava-yi',
      size: '34B',
    },
    'llava1_6-llama3_1-8b-instruct': {
      ms: 'DaozeZhang/llava-llama3.1-8b',
      template: 'llava-next-llama3',
      size: '8B',
    },
    'llava-llama3.1-8b': { ms: 'swift/llava-llama3.1-8b', template: 'llava_llama3_1_hf', size: '8B' },
  },
})
export class LlavaNext implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    const vision = llavaVit(reader, reader.nested('vision_config'), -2);
    const after = new NewlineRows({
      width: text.hidden_size,
      side: vision.side,
      name: 'model.image_newline',
    });
    const connector = llavaProjector(reader, text, vision);
    const tower = new TileTower({ vision, connector, after, names: { ...HF_TOWER, after: '' } });
    return new MultimodalLM({ text, tower, roles: HF_ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return { image: anyresImages(config, settings) };
  }
}
