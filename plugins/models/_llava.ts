/** What the models of the LLaVA line share, as Hugging Face keeps them. */
import { ConfigReader, Projector, type DecoderTraits, type Vit } from 'swift-ts/nn';
import {
  AnyresImages,
  ClipImages,
  FrameVideos,
  spread,
  type ImageSettings,
  type ModelConfig,
  type Resolution,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { activationOf, clipVit, siglipVit, usedLayers } from './_towers.js';

/** Buffers of CLIP and SigLIP. */
export const POSITION_IDS = [/(^|\.)vision_tower\.(vision_model\.)?embeddings\.position_ids$/];

/** The transformer that a config names, up to the layer whose states are taken. @throws ConfigError */
export function llavaVit(reader: ConfigReader, vision: ConfigReader, layer: number): Vit {
  const strategy = reader.choice('vision_feature_select_strategy', ['default', 'full'], 'default');
  const isClip =
    vision.choice('model_type', ['clip_vision_model', 'siglip_vision_model']) === 'clip_vision_model';
  if (!isClip && strategy === 'default')
    throw reader.error('vision_feature_select_strategy', "'full', since SigLIP has no class token");
  const used_layers = usedLayers(
    reader,
    'vision_feature_layer',
    layer,
    vision.count('num_hidden_layers', 12),
  );
  const taken = { used_layers, normed: false };
  return isClip ? clipVit(vision, { ...taken, keeps_class: strategy === 'full' }) : siglipVit(vision, taken);
}

export function llavaProjector(reader: ConfigReader, text: DecoderTraits, vit: Vit): Projector {
  return new Projector({
    width: vit.size.width,
    hidden_size: text.hidden_size,
    activation: activationOf(reader, 'projector_hidden_act', 'gelu'),
    bias: reader.flag('multimodal_projector_bias', true),
  });
}

/** Pictures in tiles of `image_grid_pinpoints`. @throws ConfigError */
export function anyresImages(config: ModelConfig, settings: ImageSettings): AnyresImages {
  const reader = new ConfigReader(config);
  const size = reader.nested('vision_config').count('image_size', 224);
  return new AnyresImages({
    ...imageSteps(settings),
    size,
    pinpoints: gridPinpoints(reader, size),
    token: '<image>',
    text: ({ features }) => `${'<image>'.repeat(features)}\n`,
  });
}

/** Frames that are looked at, as in SWIFT. */
const FRAMES = 16;

/** Videos as frames of one tile each: the middle of each, or `squash`ed to it. */
export function frameVideos(config: ModelConfig, settings: ImageSettings, squash = false): FrameVideos {
  const size = new ConfigReader(config).nested('vision_config').count('image_size', 224);
  const token = '<video>';
  const frame = new ClipImages({
    ...imageSteps(settings),
    size,
    squash,
    crop: size,
    token,
    text: ({ features }) => token.repeat(features),
  });
  return new FrameVideos({
    image: frame,
    choose: ({ frames }) => spread(0, frames - 1, FRAMES),
    text: (number, features) => `${token.repeat(features)}${number === FRAMES - 1 ? '\n' : ''}`,
  });
}

/** `image_grid_pinpoints`, two sides each. @throws ConfigError */
export function gridPinpoints(reader: ConfigReader, size: number): readonly Resolution[] {
  const value = reader.get('image_grid_pinpoints');
  const isSize = (one: unknown): one is Resolution =>
    Array.isArray(one) &&
    one.length === 2 &&
    one.every((side) => Number.isInteger(side) && side >= size && side % size === 0);
  if (!Array.isArray(value) || value.length === 0 || !value.every(isSize))
    throw reader.error('image_grid_pinpoints', `a list of [height, width], each a multiple of ${size}`);
  return value;
}
