/** How Gemma 4 is told of pictures, videos and sounds. */
import { ConfigReader } from 'swift-ts/nn';
import {
  BudgetPatches,
  BudgetVideos,
  distinctBeginnings,
  FramedMel,
  type AudioProcessor,
  type BudgetPatchOptions,
  type ImageProcessor,
  type ImageSettings,
  type Normalization,
  type PlacedMedium,
  type VideoProcessor,
} from 'swift-ts/plugin';
import { filterOf } from './_image-settings.js';

const IMAGE = '<|image|>';
const VIDEO = '<|video|>';
export const SOUND = '<|audio|>';

export interface Gemma4Patches {
  /** Side of a patch, and of the square of patches that becomes a feature. */
  readonly patch_size: number;
  readonly merge_size: number;
  /** Values from −1 to 1; from 0 to 1 when absent. */
  readonly centred?: boolean;
}

/** Bytes to values; the tower of Transformers centres them itself. */
function stepsOf(
  settings: ConfigReader,
  { patch_size, merge_size, centred }: Gemma4Patches,
  features: number,
): BudgetPatchOptions {
  for (const step of ['do_resize', 'do_rescale', 'do_convert_rgb']) settings.only(step, true);
  for (const [field, value] of [
    ['image_mean', 0],
    ['image_std', 1],
  ] as const)
    if (settings.has(field) && !settings.numbers(field).every((number) => number === value))
      throw settings.error(field, `${value} of each channel`);
  const middle = centred ? 0.5 : 0;
  const normalization: Normalization = {
    scale: settings.number('rescale_factor', 1 / 255),
    mean: [middle, middle, middle],
    deviation: centred ? [0.5, 0.5, 0.5] : [1, 1, 1],
  };
  return {
    ...normalization,
    ...{ patch_size, merge_size },
    temporal_patch_size: 1,
    features: settings.count('max_soft_tokens', features),
    filter: filterOf(settings, 'bicubic'),
  };
}

export function gemma4Images(settings: ImageSettings, patches: Gemma4Patches): ImageProcessor {
  return new BudgetPatches({
    ...stepsOf(new ConfigReader(settings), patches, 280),
    token: IMAGE,
    text: ({ features }) => framed(IMAGE, features),
  });
}

export function gemma4Videos(settings: ImageSettings, patches: Gemma4Patches): VideoProcessor {
  const video = new ConfigReader(settings).nested('video_processor');
  video.only('do_sample_frames', true);
  const frames = video.count('num_frames', 32);
  return new BudgetVideos({
    ...stepsOf(video, patches, 70),
    token: VIDEO,
    choose: (facts) => distinctBeginnings(facts, frames),
    text: frameTexts,
  });
}

export const soundText = ({ features }: PlacedMedium): string => `<|audio>${SOUND.repeat(features)}<audio|>`;

const framed = (token: string, features: number): string => `<|image>${token.repeat(features)}<image|>`;

/** Each frame behind its minute and second. */
function frameTexts({ features, grid: [frames, , , ...seconds] }: PlacedMedium): string {
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  return seconds
    .map((second) => `${two(second / 60)}:${two(second % 60)} ${framed(VIDEO, features / frames)}`)
    .join(' ');
}

/** What `feature_extractor` says, with Gemma 4's own values. */
export function gemma4Sounds(settings: ImageSettings, bands: number): AudioProcessor {
  const reader = new ConfigReader(settings).nested('feature_extractor');
  reader.only('feature_size', bands);
  for (const [field, value] of [
    ['padding_value', 0],
    ['preemphasis', 0],
    ['dither', 0],
    ['input_scale_factor', 1],
  ] as const)
    reader.only(field, value);
  for (const field of ['per_bin_mean', 'per_bin_stddev'])
    if (reader.has(field)) throw reader.error(field, 'null');
  const rate = reader.count('sampling_rate', 16_000);
  const samples = (field: string, fallback: number): number =>
    Math.round((rate * reader.number(field, fallback)) / 1000);
  const window = samples('frame_length_ms', 20);
  const doubled = reader.flag('fft_overdrive') ? 2 : 1;
  return new FramedMel({
    ...{ bands, rate, window },
    hop: samples('hop_length_ms', 10),
    low: reader.number('min_frequency', 0),
    high: reader.number('max_frequency', 8000),
    transform: doubled * 2 ** Math.ceil(Math.log2(window)),
    lead: Math.floor(window / 2),
    floor: reader.number('mel_floor', 1e-3),
    most: 30 * rate,
    token: SOUND,
    text: soundText,
  });
}
