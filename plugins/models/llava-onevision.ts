import { ConfigReader, MultimodalLM, NewlineRows, TileTower, type Config } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { anyresImages, frameVideos, llavaProjector, llavaVit, POSITION_IDS } from './_llava.js';
import { HF_PLACES, textTraits } from './_text.js';
import { HF_FORMER_NAMES, HF_ROLES, HF_TOWER } from './_towers.js';

/** LLaVA-OneVision (Li et al., 2024, arXiv 2408.03326), as Hugging Face keeps it. */
@model({
  family: 'llava_onevision_hf',
  summary: 'LLaVA-OneVision: SigLIP over a picture and up to 36 tiles, shrunk to the features of 9',
  architectures: ['LlavaOnevisionForConditionalGeneration'],
  model_types: ['llava_onevision'],
  media: ['image', 'video'],
  template: 'llava-onevision-qwen',
  former_names: HF_FORMER_NAMES,
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'llava-onevision-qwen2-72b-ov': {
      hf: 'llava-hf/llava-onevision-qwen2-72b-ov-hf',
      ms: 'AI-ModelScope/llava-onevision-qwen2-72b-ov-hf',
      size: '72B',
    },
    'llava-onevision-qwen2-7b-ov': {
      hf: 'llava-hf/llava-onevision-qwen2-7b-ov-hf',
      ms: 'AI-ModelScope/llava-onevision-qwen2-7b-ov-hf',
      size: '7B',
    },
    'llava-onevision-qwen2-0_5b-ov': {
      hf: 'llava-hf/llava-onevision-qwen2-0.5b-ov-hf',
      ms: 'AI-ModelScope/llava-onevision-qwen2-0.5b-ov-hf',
      size: '0.5B',
    },
  },
})
export class LlavaOnevision implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    const vision = llavaVit(reader, reader.nested('vision_config'), -1);
    const after = new NewlineRows({
      width: text.hidden_size,
      side: vision.side,
      most_tiles: mostTiles(reader),
      name: 'model.image_newline',
      frames: 'halved',
    });
    const connector = llavaProjector(reader, text, vision);
    const tower = new TileTower({ vision, connector, after, names: { ...HF_TOWER, after: '' } });
    return new MultimodalLM({ text, tower, roles: HF_ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return { image: anyresImages(config, settings), video: frameVideos(config, settings, true) };
  }
}

/** `vision_aspect_ratio` is `anyres_max_9`. @throws ConfigError */
function mostTiles(reader: ConfigReader): number {
  const value = reader.get('vision_aspect_ratio') ?? 'anyres_max_9';
  const [, tiles] = /^anyres_max_(\d+)$/.exec(String(value)) ?? [];
  if (tiles === undefined) throw reader.error('vision_aspect_ratio', "'anyres_max_9' or another number");
  return Number(tiles);
}
