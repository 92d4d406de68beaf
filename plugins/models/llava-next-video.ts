import { ConfigReader, MultimodalLM, NewlineRows, PooledFrames, TileTower, type Config } from 'swift-ts/nn';
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

/** LLaVA-NeXT-Video (Zhang et al., 2024, https://llava-vl.github.io/blog/2024-04-30-llava-next-video/), as Hugging Face keeps it. */
@model({
  family: 'llava_next_video_hf',
  summary: 'LLaVA-NeXT-Video: pictures as LLaVA-NeXT sees them, videos as frames of pooled features',
  architectures: ['LlavaNextVideoForConditionalGeneration'],
  model_types: ['llava_next_video'],
  media: ['image', 'video'],
  template: 'llava-next-video',
  former_names: HF_FORMER_NAMES,
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'llava-next-video-7b-instruct': {
      hf: 'llava-hf/LLaVA-NeXT-Video-7B-hf',
      ms: 'swift/LLaVA-NeXT-Video-7B-hf',
      size: '7B',
    },
    'llava-next-video-7b-32k-instruct': {
      hf: 'llava-hf/LLaVA-NeXT-Video-7B-32K-hf',
      ms: 'swift/LLaVA-NeXT-Video-7B-32K-hf',
      size: '7B',
    },
    'llava-next-video-7b-dpo-instruct': {
      hf: 'llava-hf/LLaVA-NeXT-Video-7B-DPO-hf',
      ms: 'swift/LLaVA-NeXT-Video-7B-DPO-hf',
      size: '7B',
    },
    'llava-next-video-34b-instruct': {
      hf: 'llava-hf/LLaVA-NeXT-Video-34B-hf',
      ms: 'swift/LLaVA-NeXT-Video-34B-hf',
      template: 'llava-next-video-yi',
      size: '34B',
    },
  },
})
export class LlavaNextVideo implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('spatial_pool_mode', 'average');
    reader.only('spatial_pool_stride', 2);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    const vision = llavaVit(reader, reader.nested('vision_config'), -2);
    const before = new PooledFrames(vision.side);
    const after = new NewlineRows({
      width: text.hidden_size,
      side: vision.side,
      name: 'model.image_newline',
      frames: before.pooled,
    });
    const connector = llavaProjector(reader, text, vision);
    const tower = new TileTower({ vision, before, connector, after, names: { ...HF_TOWER, after: '' } });
    return new MultimodalLM({ text, tower, roles: HF_ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return { image: anyresImages(config, settings), video: frameVideos(config, settings) };
  }
}
