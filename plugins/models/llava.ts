import { ConfigReader, MultimodalLM, TileTower, type Config } from 'swift-ts/nn';
import {
  ClipImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { llavaProjector, llavaVit, POSITION_IDS } from './_llava.js';
import { pixtralImages, pixtralModel } from './_pixtral.js';
import { HF_PLACES, textTraits } from './_text.js';
import { HF_FORMER_NAMES, HF_ROLES, HF_TOWER } from './_towers.js';

/** LLaVA-1.5 (Liu et al., 2023, arXiv 2310.03744), as Hugging Face keeps it. */
@model({
  family: 'llava1_5_hf',
  summary: 'LLaVA-1.5: CLIP, two layers, Vicuna',
  architectures: ['LlavaForConditionalGeneration'],
  model_types: ['llava'],
  media: ['image'],
  template: 'llava1_5',
  former_names: HF_FORMER_NAMES,
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'pixtral-12b': {
      hf: 'mistral-community/pixtral-12b',
      ms: 'AI-ModelScope/pixtral-12b',
      template: 'pixtral',
      size: '12B',
    },
    'llava-llama3-8b-v1_1': {
      hf: 'xtuner/llava-llama-3-8b-v1_1-transformers',
      ms: 'AI-ModelScope/llava-llama-3-8b-v1_1-transformers',
      template: 'llava-llama-instruct',
      size: '8B',
    },
    'llava1_5-7b-instruct': {
      hf: 'llava-hf/llava-1.5-7b-hf',
      ms: 'swift/llava-1.5-7b-hf',
      size: '7B',
    },
    'llava1_5-13b-instruct': {
      hf: 'llava-hf/llava-1.5-13b-hf',
      ms: 'swift/llava-1.5-13b-hf',
      size: '13B',
    },
  },
})
export class Llava implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    if (isPixtral(reader)) return pixtralModel(text, reader, 1);
    const clip = clipFields(reader);
    const vision = llavaVit(reader, clip, -2);
    const connector = llavaProjector(reader, text, vision);
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector, names: HF_TOWER }),
      roles: HF_ROLES,
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const whole = new ConfigReader(config);
    if (isPixtral(whole)) return { image: pixtralImages(whole, settings, 1) };
    const reader = new ConfigReader(settings);
    const clip = clipFields(new ConfigReader(config));
    const side = clip.count('image_size', 224);
    reader.only('do_center_crop', true);
    reader.only('do_pad', false);
    const size = reader.nested('size');
    const squash = size.has('height');
    const wanted = size.count(squash ? 'height' : 'shortest_edge', side);
    if (squash) size.only('width', wanted);
    const crop = reader.nested('crop_size');
    for (const field of ['height', 'width']) crop.only(field, side);
    if (wanted < side)
      throw size.error(squash ? 'height' : 'shortest_edge', `at least ${side}, what is cut out`);
    const image = new ClipImages({
      ...imageSteps(settings),
      size: wanted,
      squash,
      crop: side,
      token: '<image>',
      text: ({ features }) => `${'<image>'.repeat(features)}\n`,
    });
    return { image };
  }
}

const isPixtral = (reader: ConfigReader): boolean =>
  reader.nested('vision_config').get('model_type') === 'pixtral';

/** CLIP-L at 336 pixels, where a config says nothing of the tower. */
function clipFields(reader: ConfigReader): ConfigReader {
  const large = {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    image_size: 336,
    patch_size: 14,
  };
  return reader.has('vision_config') ? reader.nested('vision_config') : new ConfigReader(large);
}
