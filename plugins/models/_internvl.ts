/** What both layouts of InternVL share. */
import type { ACTIVATIONS } from 'swift-ts/nn';
import {
  MultimodalLM,
  ShuffleProjector,
  TileTower,
  Vit,
  type ConfigReader,
  type DecoderTraits,
  type Names,
  type VitNames,
} from 'swift-ts/nn';
import {
  FrameVideos,
  IMAGENET_NORMALIZATION,
  middles,
  TileImages,
  type ImageSettings,
  type Processor,
} from 'swift-ts/plugin';
import { INTERNVL_GROUNDING } from './_grounding.js';
import { imageSteps } from './_image-settings.js';
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

/** Frames of videos as pictures of one tile, with their numbers. */
export function internVideos({ size }: InternTiles, settings: ImageSettings): FrameVideos {
  return new FrameVideos({
    image: internImages({ size, min_tiles: 1, max_tiles: 1, thumbnail: false }, settings),
    choose: (facts) => middles(facts, FRAMES),
    text: (frame, features) => `Frame${frame + 1}: ${pictureText(features)}`,
  });
}

function internImages(tiles: InternTiles, settings: ImageSettings): TileImages {
  return new TileImages({
    ...imageSteps(settings, IMAGENET_NORMALIZATION),
    ...tiles,
    token: '<IMG_CONTEXT>',
    text: ({ features }) => pictureText(features),
  });
}

const pictureText = (features: number): string => `<img>${'<IMG_CONTEXT>'.repeat(features)}</img>\n`;
