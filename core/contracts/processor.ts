import type { Grid, MediaSpan, Medium } from '../nn/media/tower.js';
import type { Grounding } from './grounding.js';
import type { AudioClip, MediaKind, RgbImage, VideoClip, VideoFacts } from './media.js';

export type { Grid, MediaSpan, Medium };

/** What is known of a medium where its text is written. */
export interface PlacedMedium {
  /** Features that it becomes. */
  readonly features: number;
  readonly grid: Grid;
  /** How many of its kind stand before it. */
  readonly index: number;
}

/** Makes media of one kind what a model's tower takes, and says how texts hold them. @typeParam Raw a decoded one @typeParam Size what a grid is chosen by */
interface KindProcessor<Raw, Size> {
  /** The token in whose places features stand. */
  readonly token: string;
  /** Its text stands right behind the beginning of the whole text, wherever its tag stood. */
  readonly leads?: boolean;
  /** What stands for one in a text: as many of the token as it has features, in one run or several, and whatever goes around them. */
  text(medium: PlacedMedium): string;
  /** How one is laid out, without looking at it. @throws SwiftError BAD_ROW for one that is not taken */
  grid(size: Size): Grid;
  /** @returns what the tower takes, float32 */
  process(raw: Raw): Float32Array;
}

export interface ImageProcessor extends KindProcessor<RgbImage, Pick<RgbImage, 'width' | 'height'>> {
  /** What makes them where a row has so many; the same for all rows when absent. */
  among?(count: number): ImageProcessor;
}

/** A video before its frames are read. */
export interface ChosenFrames extends VideoFacts {
  /** Numbers of the frames that were chosen. */
  readonly numbers: readonly number[];
}

export interface VideoProcessor extends KindProcessor<VideoClip, ChosenFrames> {
  /** The numbers of the frames that are looked at, in order. */
  choose(facts: VideoFacts): readonly number[];
}

/** Sound before it is looked at. */
export interface AudioSize {
  /** Number of samples. */
  readonly length: number;
}

export interface AudioProcessor extends KindProcessor<AudioClip, AudioSize> {
  /** Samples a second that it wants. */
  readonly rate: number;
}

/** Makes media what a model's tower takes, each kind that the model knows; stands beside `Template`. */
export interface Processor {
  readonly image?: ImageProcessor;
  readonly video?: VideoProcessor;
  readonly audio?: AudioProcessor;
  /** Whether its tokens are of its own making: no checkpoint of the family has them. They get ids behind all others while it is used. */
  readonly own_tokens?: boolean;
  /** How the model speaks of places in images, where that is not SWIFT's own way. */
  readonly grounding?: Grounding;
  /** A conversation holds one medium and, where it is `alone`, no words of the user beside it; any number when absent. */
  readonly holds?: 'one' | 'alone';
  /**
   * The tower reads a text with its one medium, up to the first of this token and it too; the decoder begins behind that (an
   * encoder-decoder). Grids get the number of those tokens as their last one.
   */
  readonly reads_through?: string;
}

/** The media of a sample or a prompt. */
export interface SampleMedia {
  /** Where their features stand among the tokens, in order; one whose features are apart has several. */
  readonly spans: readonly MediaSpan[];
  /** SHA-256 over what they are made of. */
  readonly digest: string;
  /** Their files, in the order of their texts. */
  readonly files: readonly MediaFile[];
  /** Reads and decodes them, unless they are still at hand. @throws SwiftError BAD_FILE */
  load(): Promise<readonly Medium[]>;
}

/** One of a row's media: the n-th of its kind. */
export interface MediumPlace {
  readonly kind: MediaKind;
  readonly index: number;
}

export interface MediaFile extends MediumPlace {
  /** SHA-256 */
  readonly digest: string;
}
