/** What GLM-4.1V, GLM-4.5V and GLM-OCR have in common: the tower, and how it is told of pictures; the language model of the dense ones. */
import {
  ConfigReader,
  ConvMerger,
  decoderTraits,
  GatedMlp,
  MultimodalLM,
  PatchTower,
  type DecoderTraits,
  type PatchTowerSize,
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
import { axesInTurn, NAMES, patchSizes, ROLES, sectionsOf } from './_qwen-vl.js';
import { activationOf } from './_towers.js';

/** GLM-4's blocks. @param qkv whether queries, keys and values have a bias */
export function glm4vTraits(
  reader: ConfigReader,
  defaults: { readonly num_key_value_heads: number; readonly max_position_embeddings: number },
  qkv: boolean,
): DecoderTraits {
  return {
    ...decoderTraits(reader, { ...defaults, norm_eps: 1e-5, partial_rotary_factor: 0.5 }),
    bias: { qkv, o: false, mlp: false },
    rope_interleaved: true,
    mlp: 'fused',
    placement: 'sandwich',
    names: NAMES,
  };
}

export function glm4vModel(text: DecoderTraits, reader: ConfigReader): MultimodalLM {
  const vision = reader.nested('vision_config');
  const { patch_size } = patchSizes(vision);
  const side = vision.count('image_size', 336) / patch_size;
  if (!Number.isInteger(side)) throw vision.error('image_size', `a multiple of ${patch_size}`);
  const defaults = { width: 1536, out: 4096, heads: 12, intermediate_size: 13_696 };
  return seeing(text, reader, defaults, ({ width, out, activation, intermediate_size }) => ({
    // The feed-forward of a block is as wide as a feature; intermediate_size is the merger's.
    mlp: () => new GatedMlp({ hidden_size: width, intermediate_size: out, activation }),
    bias: { qkv: vision.flag('attention_bias'), out: false },
    merged: intermediate_size,
    patch_norm: true,
    table: { side, filter: 'bicubic' },
  }));
}

/** GLM-OCR's tower: biases, norms over queries and keys of each head, and no table. */
export function glmOcrModel(text: DecoderTraits, reader: ConfigReader): MultimodalLM {
  const bias = reader.nested('vision_config').flag('attention_bias', true);
  const defaults = { width: 1024, out: 1536, heads: 16, intermediate_size: 4096 };
  return seeing(text, reader, defaults, ({ width, out, eps, activation, intermediate_size }) => ({
    mlp: () => new GatedMlp({ hidden_size: width, intermediate_size, activation, bias }),
    bias: { qkv: bias, out: bias },
    merged: out * CHANNELS,
    head_norm: eps,
  }));
}

const CHANNELS = 3;

interface Common {
  readonly width: number;
  readonly out: number;
  readonly eps: number;
  readonly activation: ReturnType<typeof activationOf>;
  readonly intermediate_size: number;
}

type Own = Pick<PatchTowerSize, 'mlp' | 'bias' | 'patch_norm' | 'table' | 'head_norm'> & {
  /** Width within the merger. */
  readonly merged: number;
};

function seeing(
  text: DecoderTraits,
  reader: ConfigReader,
  defaults: Record<'width' | 'out' | 'heads' | 'intermediate_size', number>,
  ownOf: (common: Common) => Own,
): MultimodalLM {
  const vision = reader.nested('vision_config');
  vision.only('in_channels', CHANNELS);
  const sizes = patchSizes(vision);
  const { merge_size } = sizes;
  const out = vision.count('out_hidden_size', defaults.out);
  if (out !== text.hidden_size)
    throw vision.error('out_hidden_size', `${text.hidden_size}, the language model's`);
  const common = {
    width: vision.count('hidden_size', defaults.width),
    out,
    eps: vision.number('rms_norm_eps', 1e-5),
    activation: activationOf(vision, 'hidden_act', 'silu'),
    intermediate_size: vision.count('intermediate_size', defaults.intermediate_size),
  };
  const { merged, ...own } = ownOf(common);
  const tower = new PatchTower({
    ...sizes,
    ...common,
    ...own,
    norm: 'rms',
    heads: vision.count('num_heads', defaults.heads),
    layers: vision.count('depth', 24),
    patch_bias: true,
    merger: () => new ConvMerger({ ...common, merge_size, intermediate_size: merged }),
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
