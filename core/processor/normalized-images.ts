import type { RgbImage } from '../contracts/media.js';
import type { Grid, ImageProcessor, PlacedMedium } from '../contracts/processor.js';
import { normalizedBytes, type Normalization } from './normalize.js';

/** How texts hold a picture. */
export interface ImageText {
  /** The token in whose places features stand. */
  readonly token: string;
  readonly text: (image: PlacedMedium) => string;
  /** See `ImageProcessor.leads`. */
  readonly leads?: boolean;
}

/** Pictures whose bytes become normalized values, by a table of each channel. */
export abstract class NormalizedImages<Options extends Normalization & ImageText> implements ImageProcessor {
  readonly token: string;
  readonly leads?: boolean;
  /** What each byte becomes, by channel. */
  protected readonly values: readonly Float32Array[];

  constructor(protected readonly options: Options) {
    this.token = options.token;
    this.leads = options.leads;
    this.values = normalizedBytes(options);
  }

  text(image: PlacedMedium): string {
    return this.options.text(image);
  }

  abstract grid(size: Pick<RgbImage, 'width' | 'height'>): Grid;
  abstract process(image: RgbImage): Float32Array;
}
