/** What GLM-4.1V and GLM-4.5V have in common: the tower, and how it is told of pictures. */
import {
  ConfigReader,
  ConvMerger,
  GatedMlp,
  MultimodalLM,
  PatchTower,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  firstAfter,
  PatchImages,
  PatchVideos,
  secondsOfPairs,
  type ImageSettings,
  type ModelConfig,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { axesInTurn, patchSizes, ROLES, sectionsOf } from './_qwen-vl.js';
import { activationOf } from './_towers.js';

export function glm4vModel(text: DecoderTraits, reader: ConfigReader): MultimodalLM {
  const vision = reader.nested('vision_config');
  const sizes = patchSizes(vision);
  const { merge_size, patch_size } = sizes;
  const out = vision.count('out_hidden_size', 4096);
  if (out !== text.hidden_size)
    throw vision.error('out_hidden_size', `${text.hidden_size}, the language model's`);
  const side = vision.count('image_size', 336) / patch_size;
  if (!Number.isInteger(side)) throw vision.error('image_size', `a multiple of ${patch_size}`);
  const width = vision.count('hidden_size', 1536);
  const eps = vision.number('rms_norm_eps', 1e-5);
  const activation = activationOf(vision, 'hidden_act', 'silu');
  const merger = {
    ...{ width, merge_size, out, eps, activation },
    intermediate_size: vision.count('intermediate_size', 13_696),
  };
  const tower = new PatchTower({
    ...sizes,
    ...{ width, out, eps, activation },
    // The feed-forward of a block is as wide as a feature; intermediate_size is the merger's.
    intermediate_size: out,
    norm: 'rms',
    mlp: () => new GatedMlp({ hidden_size: width, intermediate_size: out, activation }),
    heads: vision.count('num_heads', 12),
    layers: vision.count('depth', 24),
    bias: { qkv: vision.flag('attention_bias'), out: false },
    patch_bias: true,
    patch_norm: true,
    table: { side, filter: 'bicubic' },
    merger: () => new ConvMerger(merger),
    names: { pos_embed: 'embeddings.position_embedding', merger: '' },
  });
  const axes = axesInTurn(sectionsOf(reader, text));
  return new MultimodalLM({ text, tower, roles: ROLES, mrope: { axes, merge_size } });
}

const IMAGE = '<|image|>';
const framed = (features: number): string => `<|begin_of_image|>${IMAGE.repeat(features)}<|end_of_image|>`;

/** Pixels of all frames of a video, as its processor has them where no file says otherwise. */
const VIDEO_AREA = { least: 112 * 112, most: 28 * 28 * 2 * 30_000 };

/** @param videos whether it was trained on videos, as SWIFT gives them: a pair of frames as an image each, behind it its whole second */
export function glm4vProcessor(
  config: ModelConfig,
  settings: ImageSettings,
  { videos }: { readonly videos: boolean },
): Processor {
  const sizes = patchSizes(new ConfigReader(config).nested('vision_config'));
  const reader = new ConfigReader(settings);
  const size = reader.nested('size');
  for (const field of ['patch_size', 'temporal_patch_size', 'merge_size'] as const)
    reader.only(field, sizes[field]);
  // Bounds are those of all frames that a still picture becomes.
  const area = (field: string, fallback: number): number =>
    size.count(field, fallback) / sizes.temporal_patch_size;
  const steps = { ...imageSteps(settings), ...sizes, token: IMAGE };
  const image = new PatchImages({
    ...steps,
    min_pixels: area('shortest_edge', 112 * 112),
    max_pixels: area('longest_edge', 28 * 28 * 15_000),
    stretches: 'whole',
    text: ({ features }) => framed(features),
  });
  if (!videos) return { image };
  const video = new PatchVideos({
    ...steps,
    choose: (facts) => firstAfter(facts, { fps: 2, max_duration: 300 }),
    bounds: (frames) => ({
      min_pixels: VIDEO_AREA.least / frames,
      max_pixels: VIDEO_AREA.most / frames,
      stretches: 'whole',
    }),
    seconds: (frames) => secondsOfPairs(frames).map(([first]) => first),
    text: ({ features, grid: [times, , , ...seconds] }) => {
      const pairs = seconds.map((second) => framed(features / times) + Math.trunc(second));
      return `<|begin_of_video|>${pairs.join('')}<|end_of_video|>`;
    },
  });
  return { image, video };
}
