import type { VideoClip, VideoFacts } from '../contracts/media.js';
import type { ChosenFrames, Grid, PlacedMedium, VideoProcessor } from '../contracts/processor.js';
import { smartFrames } from './frame-samplers.js';
import { normalizedBytes, type Normalization } from './normalize.js';
import { smartSize } from './patch-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';

export interface PatchVideoOptions extends Normalization, PatchSizes {
  readonly token: string;
  readonly text: (video: PlacedMedium) => string;
  readonly filter: FilterName;
  /** Area of a frame after resizing; many frames have a share of `total_pixels` each. */
  readonly min_pixels: number;
  readonly max_pixels: number;
  readonly total_pixels: number;
  /**
   * Seconds that stand behind frames, rows and columns of a grid: how many lie from one pair of frames to the next, or in the
   * middle of each pair.
   */
  readonly seconds?: 'between' | 'each';
}

/** Squares of patches of a frame, and of all frames, that qwen-vl-utils allows. */
const FRAME_SQUARES = { least: 128, most: 768 };
const ALL_SQUARES = 128_000 * 0.9;

/** The bounds of qwen-vl-utils, with which the families of Qwen were trained. */
export function videoBounds({
  patch_size,
  merge_size,
}: PatchSizes): Pick<PatchVideoOptions, 'min_pixels' | 'max_pixels' | 'total_pixels'> {
  const square = (patch_size * merge_size) ** 2;
  return {
    min_pixels: FRAME_SQUARES.least * square,
    max_pixels: FRAME_SQUARES.most * square,
    total_pixels: ALL_SQUARES * square,
  };
}

/** Videos as rows of patches, two frames to a row (Qwen2-VL): two frames a second, all resized alike, to whole squares. */
export class PatchVideos implements VideoProcessor {
  readonly token: string;
  private readonly values: readonly Float32Array[];

  constructor(readonly options: PatchVideoOptions) {
    this.token = options.token;
    this.values = normalizedBytes(options);
  }

  choose(facts: VideoFacts): readonly number[] {
    return smartFrames(facts);
  }

  text(video: PlacedMedium): string {
    return this.options.text(video);
  }

  grid(frames: ChosenFrames): Grid {
    const { patch_size: patch, temporal_patch_size: deep } = this.options;
    const [height, width] = this.size(frames, frames.numbers.length);
    const times = Math.ceil(frames.numbers.length / deep);
    return [times, height / patch, width / patch, ...this.seconds(frames, times)];
  }

  process({ frames, facts }: VideoClip): Float32Array {
    const [height, width] = this.size(facts, frames.length);
    const resized = frames.map((frame) => resizeImage(frame, width, height, this.options.filter));
    return patchRows(resized, this.options, this.values);
  }

  private size(facts: VideoFacts, count: number): readonly [height: number, width: number] {
    const { min_pixels, max_pixels, total_pixels } = this.options;
    const share = (total_pixels / count) * this.options.temporal_patch_size;
    const most = Math.max(Math.min(max_pixels, share), Math.trunc(min_pixels * 1.05));
    return smartSize(facts, { ...this.options, max_pixels: most });
  }

  private seconds({ numbers, frames, fps }: ChosenFrames, times: number): number[] {
    const { seconds, temporal_patch_size: deep } = this.options;
    if (seconds === undefined) return [];
    if (seconds === 'between') return [deep / ((numbers.length / frames) * fps)];
    const at = (i: number): number => numbers[Math.min(i, numbers.length - 1)] / fps;
    return Array.from({ length: times }, (_, i) => (at(i * deep) + at(i * deep + deep - 1)) / 2);
  }
}
