import type { VideoClip, VideoFacts } from '../contracts/media.js';
import type { ChosenFrames, Grid, PlacedMedium, VideoProcessor } from '../contracts/processor.js';
import { normalizedBytes, type Normalization } from './normalize.js';
import { smartSize, type PatchImageOptions } from './patch-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';

/** Area of a frame after resizing. */
export type FrameBounds = Pick<PatchImageOptions, 'min_pixels' | 'max_pixels' | 'stretches'>;

/** How a family sees videos. */
export interface VideoHabits {
  /** The numbers of the frames that are looked at. */
  readonly choose: (facts: VideoFacts) => readonly number[];
  /** @param frames how many there are */
  readonly bounds: (frames: number) => FrameBounds;
  /** Seconds that stand behind frames, rows and columns of a grid; none when absent. */
  readonly seconds?: (frames: ChosenFrames) => readonly number[];
  readonly text: (video: PlacedMedium) => string;
}

export interface PatchVideoOptions extends Normalization, PatchSizes, VideoHabits {
  readonly token: string;
  readonly filter: FilterName;
}

/** Videos as rows of patches, several frames to a row (Qwen2-VL, GLM-4.5V): all resized alike, to whole squares. */
export class PatchVideos implements VideoProcessor {
  readonly token: string;
  private readonly values: readonly Float32Array[];

  constructor(readonly options: PatchVideoOptions) {
    this.token = options.token;
    this.values = normalizedBytes(options);
  }

  choose(facts: VideoFacts): readonly number[] {
    return this.options.choose(facts);
  }

  text(video: PlacedMedium): string {
    return this.options.text(video);
  }

  grid(frames: ChosenFrames): Grid {
    const { patch_size: patch, temporal_patch_size: deep, seconds } = this.options;
    const count = frames.numbers.length;
    const [height, width] = this.size(frames, count);
    return [Math.ceil(count / deep), height / patch, width / patch, ...(seconds?.(frames) ?? [])];
  }

  process({ frames, facts }: VideoClip): Float32Array {
    const [height, width] = this.size(facts, frames.length);
    const resized = frames.map((frame) => resizeImage(frame, width, height, this.options.filter));
    return patchRows(resized, this.options, this.values);
  }

  private size(facts: VideoFacts, count: number): readonly [height: number, width: number] {
    return smartSize(facts, { ...this.options, ...this.options.bounds(count) });
  }
}

/** Pixels of frames, and of all frames, before they are shared out. */
export interface VideoArea {
  readonly min_pixels: number;
  readonly max_pixels: number;
  readonly total_pixels: number;
}

/** The area that qwen-vl-utils gives a video, with which the families of Qwen were trained. */
export function qwenVideoArea({ patch_size, merge_size }: PatchSizes): VideoArea {
  const square = (patch_size * merge_size) ** 2;
  return { min_pixels: 128 * square, max_pixels: 768 * square, total_pixels: 128_000 * 0.9 * square };
}

/** Of pairs of frames each has an even share, within bounds. */
export function sharedArea({ min_pixels, max_pixels, total_pixels }: VideoArea): VideoHabits['bounds'] {
  return (frames) => {
    const share = Math.min(max_pixels, (total_pixels / frames) * 2);
    return { min_pixels, max_pixels: Math.max(share, Math.trunc(min_pixels * 1.05)) };
  };
}

/** How many seconds lie from one pair of frames to the next. */
export function secondsBetween({ numbers, frames, fps }: ChosenFrames): readonly number[] {
  return [2 / ((numbers.length / frames) * fps)];
}

/** When the frames of each pair were taken; a last one that stands alone is its own next one. */
export function secondsOfPairs({ numbers, fps }: ChosenFrames): (readonly [first: number, second: number])[] {
  const at = (i: number): number => numbers[Math.min(i, numbers.length - 1)] / fps;
  return Array.from({ length: Math.ceil(numbers.length / 2) }, (_, i) => [at(2 * i), at(2 * i + 1)]);
}
