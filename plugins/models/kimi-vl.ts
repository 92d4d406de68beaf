import { ConfigReader, MultimodalLM, type Config } from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  model,
  PaddedPatches,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { MOON_VISION, moonPatches, moonVit } from './_moonvit.js';
import { textTraits } from './_text.js';

const TOKEN = '<|media_pad|>';
const PROJECTOR = 'multi_modal_projector';
const FIELDS = { pos_emb_height: 'init_pos_emb_height', pos_emb_width: 'init_pos_emb_width' };

/** Kimi-VL (Kimi Team, 2025, arXiv 2504.07491). https://huggingface.co/moonshotai/Kimi-VL-A3B-Instruct */
@model({
  family: 'kimi_vl',
  summary: 'Kimi-VL: MoonViT over pictures of any size, and Moonlight',
  architectures: ['KimiVLForConditionalGeneration'],
  model_types: ['kimi_vl'],
  media: ['image'],
  template: 'kimi_vl',
  lora_target_modules: ['all-linear'],
  variants: {
    'kimi-vl-a3b-instruct': {
      hf: 'moonshotai/Kimi-VL-A3B-Instruct',
      ms: 'moonshotai/Kimi-VL-A3B-Instruct',
    },
    'kimi-vl-a3b-thinking': {
      hf: 'moonshotai/Kimi-VL-A3B-Thinking',
      ms: 'moonshotai/Kimi-VL-A3B-Thinking',
    },
    'kimi-vl-a3b-thinking-2506': {
      hf: 'moonshotai/Kimi-VL-A3B-Thinking-2506',
      ms: 'moonshotai/Kimi-VL-A3B-Thinking-2506',
    },
  },
})
export class KimiVl implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const places = { model: 'language_model.model', head: 'language_model.' };
    const text = textTraits(reader.nested('text_config').config, places);
    const names = { norm: 'pre_norm', up: 'linear_1', down: 'linear_2' };
    return new MultimodalLM({
      text,
      tower: moonVit(visionOf(reader), text.hidden_size, { place: PROJECTOR, names }),
      roles: [
        [MOON_VISION, 'vit'],
        [PROJECTOR, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const sizes = moonPatches(visionOf(new ConfigReader(config)));
    const reader = new ConfigReader(settings);
    reader.only('patch_size', sizes.patch_size);
    if (!reader.flag('pad_input')) throw reader.error('pad_input', 'true');
    const image = new PaddedPatches({
      ...imageSteps(settings, HALF_NORMALIZATION),
      ...sizes,
      most_patches: reader.count('in_token_limit', 4096),
      token: TOKEN,
      text: ({ features }) => `<|media_start|>image<|media_content|>${TOKEN.repeat(features)}<|media_end|>`,
    });
    return { image };
  }
}

function visionOf(reader: ConfigReader): ConfigReader {
  const vision = new ConfigReader(reader.nested('vision_config').config, FIELDS);
  vision.only('model_type', 'moonvit');
  return vision;
}
