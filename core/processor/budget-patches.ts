import type { RgbImage, VideoClip, VideoFacts } from '../contracts/media.js';
import type { ChosenFrames, Grid, PlacedMedium, VideoProcessor } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import { normalizedBytes, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';

export interface BudgetPatchOptions extends Normalization, PatchSizes {
  /** Features that a picture becomes, at most. */
  readonly features: number;
  readonly filter: FilterName;
}

/** Pictures as rows of patches, as large as so many features allow, both sides cut down to whole squares (Gemma 4). Grids are [1, rows, columns]. */
export class BudgetPatches extends NormalizedImages<BudgetPatchOptions & ImageText> {
  grid(size: Pick<RgbImage, 'width' | 'height'>): Grid {
    return [1, ...gridOf(size, this.options)];
  }

  process(image: RgbImage): Float32Array {
    return rowsOf([image], this.options, this.values);
  }
}

export interface BudgetVideoOptions extends BudgetPatchOptions {
  readonly token: string;
  readonly choose: (facts: VideoFacts) => readonly number[];
  readonly text: (video: PlacedMedium) => string;
}

/** Videos as such pictures one behind the other. Grids are [frames, rows, columns, and the second of each frame]. */
export class BudgetVideos implements VideoProcessor {
  readonly token: string;
  private readonly values: readonly Float32Array[];

  constructor(private readonly options: BudgetVideoOptions) {
    this.token = options.token;
    this.values = normalizedBytes(options);
  }

  choose(facts: VideoFacts): readonly number[] {
    return this.options.choose(facts);
  }

  text(video: PlacedMedium): string {
    return this.options.text(video);
  }

  grid({ numbers, fps, ...size }: ChosenFrames): Grid {
    return [numbers.length, ...gridOf(size, this.options), ...numbers.map((number) => number / fps)];
  }

  process({ frames }: VideoClip): Float32Array {
    return rowsOf(frames, this.options, this.values);
  }
}

function rowsOf(
  frames: readonly RgbImage[],
  options: BudgetPatchOptions,
  values: readonly Float32Array[],
): Float32Array {
  const [rows, columns] = gridOf(frames[0], options);
  const { patch_size: patch, filter } = options;
  const resized = frames.map((frame) => resizeImage(frame, columns * patch, rows * patch, filter));
  return patchRows(resized, options, values);
}

/** Rows and columns of patches. @throws SwiftError BAD_ROW for a picture too long and thin */
function gridOf(
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
  { patch_size, merge_size, features }: BudgetPatchOptions,
): readonly [rows: number, columns: number] {
  const square = patch_size * merge_size;
  const factor = Math.sqrt((features * square ** 2) / (width * height));
  const squares = (side: number): number => Math.floor((factor * side) / square);
  // A side that is shorter than a square becomes one; the other is as long as the picture's shape has it.
  const along = (long: number, short: number): number => Math.min(Math.floor(long / short), features);
  const [down, across] = [squares(height), squares(width)];
  if (down === 0 && across === 0) {
    throw new SwiftError('BAD_ROW', `an image of ${width} × ${height} pixels fits no square of ${square}`, {
      cure: 'Allow more than one feature for a picture.',
    });
  }
  if (down === 0) return [merge_size, along(width, height) * merge_size];
  if (across === 0) return [along(height, width) * merge_size, merge_size];
  return [down * merge_size, across * merge_size];
}
