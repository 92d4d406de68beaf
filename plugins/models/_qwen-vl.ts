/** What the families of Qwen that see pictures of any size have in common. */
import {
  ConfigReader,
  decoderTraits,
  lateWindows,
  PatchMerger,
  ropeFields,
  type Config,
  type DecoderTraits,
  type Mrope,
  type PatchMergerSize,
} from 'swift-ts/nn';
import {
  PatchImages,
  PatchVideos,
  qwenVideoArea,
  sharedArea,
  smartFrames,
  type ImageSettings,
  type ImageSize,
  type ModelConfig,
  type Processor,
  type VideoHabits,
} from 'swift-ts/plugin';
import { pixels, qwen2Grounding } from './_grounding.js';
import { imageSteps } from './_image-settings.js';

/** Where the parts lie. */
export const NAMES = { model: 'model.language_model', tower: 'model.visual' };

/** Before Transformers 4.52, and in all files that it saves of the first two generations. */
export const FORMER_NAMES = [
  [/^visual\./, 'model.visual.'],
  [/^model\.(?!language_model\.|visual\.)/, 'model.language_model.'],
] as const;

/** What the families train apart. */
export const ROLES = [
  ['model.visual', 'vit'],
  ['model.visual.merger', 'aligner'],
] as const;

/** Qwen2-VL's and Qwen2.5-VL's merger of patches. */
export const formerMerger = (size: Omit<PatchMergerSize, 'names' | 'eps'>): PatchMerger =>
  new PatchMerger({ ...size, eps: 1e-6, names: { norm: 'ln_q', up: 'mlp.0', down: 'mlp.2' } });

/** Transformers 5 keeps the language model's fields apart. */
export function withTextFields(config: Config): Config {
  const { text_config: text = {}, ...whole } = config as Record<string, Config>;
  return { ...text, ...whole };
}

/** `mrope` is a way to place tokens, not to scale what they turn by. */
export function plainRope(reader: ConfigReader): ConfigReader {
  const rope = ropeFields(reader);
  return rope.get('type') === 'mrope' && !rope.has('rope_type')
    ? reader.with({ rope_scaling: { ...rope.config, type: 'default' } })
    : reader;
}

/** The language model of the first two generations. */
export function qwenVlTraits(reader: ConfigReader): DecoderTraits {
  const plain = plainRope(reader);
  const defaults = { norm_eps: 1e-5, max_position_embeddings: 32_768, rope_theta: 1_000_000 };
  return {
    ...decoderTraits(plain, defaults),
    bias: { qkv: true, o: false, mlp: false },
    layer: lateWindows(plain),
    names: NAMES,
  };
}

/** How many frequencies turn by time, row and column. @throws ConfigError unless these are all there are */
export function sectionsOf(
  reader: ConfigReader,
  { head_dim, rotary_dims = head_dim }: DecoderTraits,
): readonly number[] {
  const rope = ropeFields(reader);
  const sections = rope.numbers('mrope_section');
  const sum = sections.reduce((total, count) => total + count, 0);
  if (sections.length !== 3 || sum * 2 !== rotary_dims)
    throw rope.error('mrope_section', `three numbers whose sum is ${rotary_dims / 2}`);
  return sections;
}

/** Frequencies turn by time first, then by row, then by column. */
export function axesInTurn(sections: readonly number[]): Mrope['axes'] {
  return sections.flatMap((count, axis) => new Array<number>(count).fill(axis));
}

/** Sizes of patches, as `vision_config` has them. */
export function patchSizes(vision: ConfigReader, patch_size = 14) {
  return {
    patch_size: vision.count('patch_size', patch_size),
    temporal_patch_size: vision.count('temporal_patch_size', 2),
    merge_size: vision.count('spatial_merge_size', 2),
  };
}

/** Tokens in whose places features stand, and those around them. */
export interface VisionTokens {
  readonly image: string;
  readonly video: string;
  readonly start: string;
  readonly end: string;
}

/** What a generation makes of media. */
export interface Habits {
  /** Those of Qwen2-VL when absent. */
  readonly tokens?: VisionTokens;
  /** Of patches, in configs which leave it out. */
  readonly patch_size?: number;
  readonly video: Pick<VideoHabits, 'seconds' | 'text'>;
  /** Whether boxes are told in pixels of the image as the tower sees it, not in thousandths. */
  readonly pixel_boxes?: boolean;
}

const TOKENS: VisionTokens = {
  image: '<|image_pad|>',
  video: '<|video_pad|>',
  start: '<|vision_start|>',
  end: '<|vision_end|>',
};

function framed(token: string, features: number, { start, end } = TOKENS): string {
  return start + token.repeat(features) + end;
}

/** Pairs of frames one behind the other. */
export const wholeVideo =
  (tokens = TOKENS): VideoHabits['text'] =>
  ({ features }) =>
    framed(tokens.video, features, tokens);

/** Each pair of frames behind the second at which it was taken. */
export const timedVideo: VideoHabits['text'] = ({ features, grid: [times, , , ...seconds] }) =>
  seconds
    .map((second) => `<${oneDecimal(second)} seconds>${framed(TOKENS.video, features / times)}`)
    .join('');

/** Python's `.1f`, which rounds halves to the even digit. */
function oneDecimal(value: number): string {
  const isHalf = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  if (!isHalf) return value.toFixed(1);
  const below = Math.floor(value * 10);
  return ((below % 2 === 0 ? below : below + 1) / 10).toFixed(1);
}

export function qwenVlProcessor(
  config: ModelConfig,
  settings: ImageSettings,
  { patch_size, tokens = TOKENS, video: told, pixel_boxes }: Habits,
): Processor {
  const sizes = patchSizes(new ConfigReader(config).nested('vision_config'), patch_size);
  const reader = new ConfigReader(settings);
  const size = reader.nested('size');
  for (const field of ['patch_size', 'temporal_patch_size', 'merge_size'] as const)
    reader.only(field, sizes[field]);
  const steps = { ...imageSteps(settings), ...sizes };
  const image = new PatchImages({
    ...steps,
    min_pixels: reader.count('min_pixels', size.count('shortest_edge', 56 * 56)),
    max_pixels: reader.count('max_pixels', size.count('longest_edge', 28 * 28 * 1280)),
    token: tokens.image,
    text: ({ features }) => framed(tokens.image, features, tokens),
  });
  const video = new PatchVideos({
    ...steps,
    ...sizes,
    ...told,
    token: tokens.video,
    choose: (facts) => smartFrames(facts),
    bounds: sharedArea(qwenVideoArea(sizes)),
  });
  const seen = (size: ImageSize): ImageSize => {
    const [, rows, columns] = image.grid(size);
    return { width: columns * sizes.patch_size, height: rows * sizes.patch_size };
  };
  return { image, video, grounding: pixel_boxes ? qwen2Grounding(pixels(seen)) : qwen2Grounding() };
}
