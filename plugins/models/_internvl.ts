/** What both layouts of InternVL share. */
import type { ACTIVATIONS } from 'swift-ts/nn';
import {
  ConfigReader,
  MultimodalLM,
  ShuffleProjector,
  TileTower,
  Vit,
  type Config,
  type DecoderTraits,
  type Names,
  type VitNames,
} from 'swift-ts/nn';
import {
  centres,
  FrameVideos,
  IMAGENET_NORMALIZATION,
  TileImages,
  type ImageSettings,
  type ModelConfig,
  type Processor,
} from 'swift-ts/plugin';
import { INTERNVL_GROUNDING } from './_grounding.js';
import { imageSteps } from './_image-settings.js';
import { HF_PLACES, textTraits } from './_text.js';
import { activationOf, type Patches } from './_towers.js';

/** Where InternVL's parts lie in checkpoints, and what its transformer calls its own. */
export interface InternPlaces {
  readonly tower: string;
  readonly projector: string;
  readonly vit: VitNames;
  readonly fused: boolean;
  readonly projectorNames: Names;
}

export interface InternTower extends Patches {
  readonly qk_norm: boolean;
  readonly qkv_bias: boolean;
}

/** `InternVisionConfig`, which `InternVLVisionConfig` gives other names. @param own of that config what it names otherwise */
export function internModel(
  text: DecoderTraits,
  vision: ConfigReader,
  own: InternTower,
  { tower, projector, vit: names, fused, projectorNames }: InternPlaces,
  { ratio, activation }: { readonly ratio: number; readonly activation: (typeof ACTIVATIONS)[string] },
): MultimodalLM {
  const { qk_norm, ...patches } = own;
  const eps = vision.number('layer_norm_eps', 1e-6);
  const width = vision.count('hidden_size');
  const vit = new Vit({
    ...patches,
    width,
    eps,
    intermediate_size: vision.count('intermediate_size'),
    layers: vision.count('num_hidden_layers'),
    heads: vision.count('num_attention_heads'),
    activation: activationOf(vision, 'hidden_act', 'gelu'),
    norm:
      vision.choice('norm_type', ['layer_norm', 'rms_norm'], 'layer_norm') === 'rms_norm' ? 'rms' : 'layer',
    qk_norm: qk_norm ? eps : undefined,
    layer_scale: true,
    class_token: true,
    keeps_class: false,
    patch_bias: true,
    pre_norm: false,
    post_norm: false,
    normed: false,
    batched_tables: true,
    fused,
    names,
  });
  const connector = new ShuffleProjector(
    { width, hidden_size: text.hidden_size, merge_size: 1 / ratio, eps: 1e-5, activation },
    projectorNames,
  );
  return new MultimodalLM({
    text,
    tower: new TileTower({ vision: vit, connector, names: { vision: tower, connector: projector } }),
    roles: [
      [tower, 'vit'],
      [projector, 'aligner'],
    ],
  });
}

/** Squares of features that become one, on a side. @throws ConfigError */
export function shrinking(reader: ConfigReader): number {
  const ratio = reader.number('downsample_ratio', 0.5);
  if (!Number.isInteger(1 / ratio)) throw reader.error('downsample_ratio', '1 divided by a whole number');
  return ratio;
}

export interface InternTiles {
  readonly size: number;
  readonly min_tiles: number;
  readonly max_tiles: number;
  readonly thumbnail: boolean;
}

export function internProcessor(tiles: InternTiles, settings: ImageSettings): Processor {
  return { image: internImages(tiles, settings), grounding: INTERNVL_GROUNDING };
}

/** Frames that are looked at; SWIFT's `video_segments`. */
const FRAMES = 8;

/** Frames of videos as pictures of one tile, with their numbers. @param choose so many of a video */
export function internVideos(
  { size }: InternTiles,
  settings: ImageSettings,
  choose: typeof centres,
): FrameVideos {
  return new FrameVideos({
    image: internImages({ size, min_tiles: 1, max_tiles: 1, thumbnail: false }, settings),
    choose: (facts) => choose(facts, FRAMES),
    text: (frame, features) => `Frame${frame + 1}: ${pictureText(features)}`,
  });
}

export function internImages(tiles: InternTiles, settings: ImageSettings): TileImages {
  return new TileImages({
    ...imageSteps(settings, IMAGENET_NORMALIZATION),
    ...tiles,
    token: '<IMG_CONTEXT>',
    text: ({ features }) => pictureText(features),
  });
}

const pictureText = (features: number): string => `<img>${'<IMG_CONTEXT>'.repeat(features)}</img>\n`;

/** As Transformers names the parts. */
const HF_LAYOUT = {
  tower: 'model.vision_tower',
  projector: 'model.multi_modal_projector',
  fused: false,
  projectorNames: { norm: 'layer_norm' },
  vit: {
    own: {
      class_embedding: 'embeddings.cls_token',
      patch_embedding: 'embeddings.patch_embeddings.projection',
      position_embedding: 'embeddings.position_embeddings',
      layers: 'encoder.layer',
    },
    block: {
      norm1: 'layernorm_before',
      norm2: 'layernorm_after',
      attn: 'attention',
      scale1: 'lambda_1',
      scale2: 'lambda_2',
    },
    attention: { out_proj: 'projection_layer' },
  },
};

/** The layout of Transformers. */
export function hfInternModel(config: Config): MultimodalLM {
  const reader = new ConfigReader(config);
  reader.only('vision_feature_layer', -1);
  reader.only('vision_feature_select_strategy', 'default');
  const vision = reader.nested('vision_config');
  vision.only('use_mask_token', false);
  vision.only('use_absolute_position_embeddings', true);
  vision.only('use_mean_pooling', true);
  const ratio = shrinking(reader);
  const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
  const own = {
    image_size: sideOf(vision, 'image_size', 448),
    patch_size: sideOf(vision, 'patch_size', 14),
    qk_norm: vision.flag('use_qk_norm'),
    qkv_bias: vision.flag('attention_bias'),
  };
  const activation = activationOf(reader, 'projector_hidden_act', 'gelu');
  return internModel(text, vision, own, HF_LAYOUT, { ratio, activation });
}

export function hfInternProcessor(config: ModelConfig, settings: ImageSettings): Processor {
  const vision = new ConfigReader(config).nested('vision_config');
  const reader = new ConfigReader(settings);
  const size = sideOf(vision, 'image_size', 448);
  for (const side of ['height', 'width']) reader.nested('size').only(side, size);
  const tiles = {
    size,
    min_tiles: reader.count('min_patches', 1),
    max_tiles: reader.count('max_patches', 12),
    thumbnail: true,
  };
  return { ...internProcessor(tiles, settings), video: internVideos(tiles, settings, centres) };
}

/** One number, or two equal ones. @throws ConfigError */
function sideOf(reader: ConfigReader, field: string, fallback: number): number {
  if (!Array.isArray(reader.get(field))) return reader.count(field, fallback);
  const [height, width] = reader.numbers(field);
  if (height !== width) throw reader.error(field, 'two equal numbers');
  return height;
}
