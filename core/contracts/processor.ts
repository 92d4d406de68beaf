import type { Grid, MediaSpan, Picture } from '../nn/vision/tower.js';

export type { Grid, MediaSpan, Picture };

/** A decoded picture: 8-bit red, green, blue, row by row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly data: Uint8Array;
}

/** Makes pictures what a model's tower takes, and says how texts hold them; stands beside `Template`. */
export interface Processor {
  /** The token in whose places features stand. */
  readonly imageToken: string;
  /** What stands for a picture in a text. @param features how many the picture becomes */
  imageText(features: number): string;
  /** The patches of a picture of this size, without looking at it. @throws SwiftError BAD_ROW for one of a shape that it does not take */
  grid(size: Pick<RgbImage, 'width' | 'height'>): Grid;
  process(image: RgbImage): Picture;
}

/** The pictures of a sample or a prompt. */
export interface SampleMedia {
  /** Where they stand among the tokens, in order. */
  readonly spans: readonly MediaSpan[];
  /** SHA-256 over what they are made of. */
  readonly digest: string;
  /** The SHA-256 of each one's file. */
  readonly digests: readonly string[];
  /** Reads and decodes them, unless they are still at hand. @throws SwiftError BAD_FILE */
  load(): Promise<readonly Picture[]>;
}
