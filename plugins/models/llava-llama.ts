import {
  ACTIVATIONS,
  ConfigReader,
  MultimodalLM,
  NewlineRows,
  Projector,
  TileTower,
  type Config,
} from 'swift-ts/nn';
import {
  AnyresImages,
  ClipImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
  type Resolution,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { gridPinpoints, POSITION_IDS } from './_llava.js';
import { textTraits } from './_text.js';
import { clipVit, usedLayers } from './_towers.js';

/** Stands where pictures do: LLaVA's own code puts −200 there, which is no token. */
const TOKEN = '<image>';

/** The language model of each class, by its `model_type`. */
const LANGUAGE: Readonly<Record<string, string>> = {
  LlavaLlamaForCausalLM: 'llama',
  LlavaMistralForCausalLM: 'mistral',
  LlavaQwenForCausalLM: 'qwen2',
};

/** CLIP's towers by the repositories or folders that `mm_vision_tower` names, whose config.json is not at hand. */
const TOWERS: readonly (readonly [RegExp, Config])[] = [
  [
    /\bclip-vit-large-patch14-336$/,
    {
      hidden_size: 1024,
      intermediate_size: 4096,
      num_hidden_layers: 24,
      num_attention_heads: 16,
      image_size: 336,
      patch_size: 14,
    },
  ],
  [
    /\bclip-vit-H-14-laion2B-s32B-b79K-yi-vl-\d+B-448$/,
    {
      hidden_act: 'gelu',
      hidden_size: 1280,
      intermediate_size: 5120,
      num_hidden_layers: 32,
      num_attention_heads: 16,
      image_size: 448,
      patch_size: 14,
    },
  ],
];

/**
 * LLaVA-NeXT (Liu et al., 2024, https://llava-vl.github.io/blog/2024-01-30-llava-next/) and Yi-VL (arXiv 2403.04652) as their own code
 * keeps them (https://github.com/LLaVA-VL/LLaVA-NeXT, https://github.com/01-ai/Yi/tree/main/VL).
 */
@model({
  family: 'llava_llama',
  summary: 'LLaVA-NeXT and Yi-VL in their own layout: CLIP over a picture and its tiles, or over a square',
  architectures: Object.keys(LANGUAGE),
  model_types: ['llava_llama', 'llava_mistral', 'llava_qwen'],
  media: ['image'],
  template: 'llama3-llava-next',
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'llama3-llava-next-8b': {
      hf: 'lmms-lab/llama3-llava-next-8b',
      ms: 'AI-Modelscope/llama3-llava-next-8b',
      size: '8B',
    },
    'llava-next-72b': {
      hf: 'lmms-lab/llava-next-72b',
      ms: 'AI-Modelscope/llava-next-72b',
      template: 'llava-qwen',
      size: '72B',
    },
    'llava-next-110b': {
      hf: 'lmms-lab/llava-next-110b',
      ms: 'AI-Modelscope/llava-next-110b',
      template: 'llava-qwen',
      size: '110B',
    },
    'llava-v1.6-mistral-7b': {
      hf: 'liuhaotian/llava-v1.6-mistral-7b',
      ms: 'AI-ModelScope/llava-v1.6-mistral-7b',
      template: 'llava1_6_mistral',
      size: '7B',
    },
    'llava-v1.6-34b': {
      hf: 'liuhaotian/llava-v1.6-34b',
      ms: 'AI-ModelScope/llava-v1.6-34b',
      template: 'llava1_6_yi',
      size: '34B',
    },
    'yi-vl-6b-chat': { hf: '01-ai/Yi-VL-6B', ms: '01ai/Yi-VL-6B', template: 'yi-vl', size: '6B' },
    'yi-vl-34b-chat': { hf: '01-ai/Yi-VL-34B', ms: '01ai/Yi-VL-34B', template: 'yi-vl', size: '34B' },
  },
})
export class LlavaLlama implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    for (const field of ['mm_use_im_start_end', 'mm_use_im_patch_token']) reader.only(field, false);
    reader.only('mm_vision_select_feature', 'patch');
    const [architecture] = (config.architectures ?? []) as string[];
    const text = textTraits({ ...config, model_type: LANGUAGE[architecture] }, { model: 'model' });
    const clip = towerFields(reader);
    const layers = clip.count('num_hidden_layers');
    const used_layers = usedLayers(reader, 'mm_vision_select_layer', -2, layers);
    const vision = clipVit(clip, { used_layers, normed: false, keeps_class: false });
    reader.only('mm_hidden_size', vision.size.width);
    const names = {
      vision: 'model.vision_tower.vision_tower.vision_model',
      connector: 'model.mm_projector',
      after: '',
    };
    const newline = {
      width: text.hidden_size,
      side: vision.side,
      inexact: true,
      name: 'model.image_newline',
    };
    const tower = new TileTower({
      vision,
      connector: projector(reader, vision.size.width, text.hidden_size),
      ...(isTiled(reader) && { after: new NewlineRows(newline) }),
      names,
    });
    return new MultimodalLM({
      text,
      tower,
      roles: [
        ['model.vision_tower', 'vit'],
        [names.connector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const size = towerFields(reader).count('image_size');
    const steps = imageSteps(settings);
    const text = {
      token: TOKEN,
      text: ({ features }: { features: number }) => `${TOKEN.repeat(features)}\n`,
    };
    if (!isTiled(reader)) {
      const square = steps.mean.map((value) => Math.trunc(value * 255));
      const image = new ClipImages({ ...steps, ...text, size, squash: false, crop: size, square });
      return { image, own_tokens: true };
    }
    // Its own code lists widths before heights.
    const pinpoints = gridPinpoints(reader, size).map(([width, height]): Resolution => [height, width]);
    return { image: new AnyresImages({ ...steps, ...text, size, pinpoints }), own_tokens: true };
  }
}

/** Whether pictures are cut into tiles; else they are padded to squares. */
function isTiled(reader: ConfigReader): boolean {
  const tiled = reader.choice('image_aspect_ratio', ['pad', 'anyres']) === 'anyres';
  reader.only('mm_patch_merge_type', tiled ? 'spatial_unpad' : 'flat');
  return tiled;
}

function projector(reader: ConfigReader, width: number, hidden_size: number): Projector {
  const size = { width, hidden_size, activation: ACTIVATIONS.gelu, bias: true };
  return reader.choice('mm_projector_type', ['mlp2x_gelu', 'mlp2x_gelu_Norm']) === 'mlp2x_gelu'
    ? new Projector(size, { linear_1: '0', linear_2: '2' })
    : new Projector(size, { linear_1: '0', norm_1: '1', linear_2: '3', norm_2: '4' }, 1e-5);
}

/** What config.json says of the tower, else what is known of the one that it names. @throws ConfigError */
function towerFields(reader: ConfigReader): ConfigReader {
  if (reader.has('vision_config')) return reader.nested('vision_config');
  const name = String(reader.get('mm_vision_tower'));
  const found = TOWERS.find(([pattern]) => pattern.test(name));
  if (!found) throw reader.error('mm_vision_tower', 'CLIP-L at 336 pixels, or that of Yi-VL');
  return new ConfigReader(found[1]);
}
