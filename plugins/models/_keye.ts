/** What Keye-VL and PaddleOCR-VL have in common: SigLIP over pictures of any size, whose patches turn by row and column too. */
import {
  ConfigReader,
  DecoderLoader,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  type Config,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  PatchImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { qwen3Traits } from './_qwen.js';
import { axesInTurn, plainRope, sectionsOf, withTextFields } from './_qwen-vl.js';
import { activationOf } from './_towers.js';

export interface KeyeParts {
  /** Where tower and projector lie. */
  readonly visual: string;
  readonly projector: string;
  /** Whether the projector norms whole squares, not each patch. */
  readonly normsSquares?: boolean;
}

/** The files hold a table for packed pictures and a head, which nothing reads. */
export const KEYE_IGNORED = [/\.packing_position_embedding\./, /\.vision_model\.head\./];

const sizesOf = (vision: ConfigReader) => ({
  patch_size: vision.count('patch_size', 14),
  temporal_patch_size: 1,
  merge_size: vision.count('spatial_merge_size', 2),
});

export function keyeModel(
  text: DecoderTraits,
  reader: ConfigReader,
  { visual, projector, normsSquares }: KeyeParts,
): MultimodalLM {
  const vision = reader.nested('vision_config');
  vision.only('num_channels', 3);
  const sizes = sizesOf(vision);
  const side = Math.floor(vision.count('image_size', 384) / sizes.patch_size);
  if (side < 1) throw vision.error('image_size', `at least ${sizes.patch_size}, a patch`);
  const width = vision.count('hidden_size', 1152);
  const out = text.hidden_size;
  const place = (part: string): string => `${visual}.vision_model.${part}`;
  const tower = new PatchTower({
    ...sizes,
    ...{ width, out },
    intermediate_size: vision.count('intermediate_size', 4304),
    activation: activationOf(vision, 'hidden_act', 'gelu_pytorch_tanh'),
    eps: vision.number('layer_norm_eps', 1e-6),
    heads: vision.count('num_attention_heads', 16),
    layers: vision.count('num_hidden_layers', 27),
    patch_bias: true,
    post_norm: true,
    split: {},
    table: { side, filter: 'bilinear-edges' },
    merger: () =>
      new PatchMerger({
        ...sizes,
        ...{ width, out, normsSquares },
        norm: 'layer',
        eps: 1e-5,
        names: { norm: 'pre_norm', up: 'linear_1', down: 'linear_2' },
      }),
    names: {
      patch_embed: place('embeddings.patch_embedding'),
      pos_embed: place('embeddings.position_embedding'),
      blocks: place('encoder.layers'),
      post_layernorm: place('post_layernorm'),
      merger: projector,
    },
    block_names: { norm1: 'layer_norm1', norm2: 'layer_norm2', attn: 'self_attn' },
  });
  const axes = axesInTurn(sectionsOf(reader, text));
  return new MultimodalLM({
    text,
    tower,
    roles: [
      [visual, 'vit'],
      [projector, 'aligner'],
    ],
    mrope: { axes, merge_size: sizes.merge_size },
  });
}

/** @param token in whose places features stand, between two others @param area of a picture, where no file says it */
export function keyeImages(
  config: ModelConfig,
  settings: ImageSettings,
  [start, token, end]: readonly [string, string, string],
  area: { readonly least: number; readonly most: number },
): PatchImages {
  const sizes = sizesOf(new ConfigReader(config).nested('vision_config'));
  const reader = new ConfigReader(settings);
  const size = reader.nested('size');
  for (const field of ['patch_size', 'temporal_patch_size', 'merge_size'] as const)
    reader.only(field, sizes[field]);
  return new PatchImages({
    ...imageSteps(settings, HALF_NORMALIZATION),
    ...sizes,
    token,
    text: ({ features }) => start + token.repeat(features) + end,
    stretches: 'by-side',
    min_pixels: reader.count('min_pixels', size.count('shortest_edge', size.count('min_pixels', area.least))),
    max_pixels: reader.count('max_pixels', size.count('longest_edge', size.count('max_pixels', area.most))),
  });
}

/** Both generations of Keye-VL, but for what their projectors norm. */
export class KeyeLoader extends DecoderLoader implements ModelLoader {
  protected readonly normsSquares: boolean = false;

  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwen3Traits(plainRope(reader)), names: { tower: '' } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return keyeModel(text, reader, {
      visual: 'visual',
      projector: 'mlp_AR',
      normsSquares: this.normsSquares,
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const tokens = ['<|vision_start|>', '<|image_pad|>', '<|vision_end|>'] as const;
    return { image: keyeImages(config, settings, tokens, { least: 28 * 28 * 130, most: 28 * 28 * 1280 }) };
  }
}
