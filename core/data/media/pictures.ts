/** Pictures of rows, ready for a tower: looked at once, decoded again when a step needs them. */
import { createHash } from 'node:crypto';
import type { ImageSource } from '../../contracts/image-source.js';
import type { Grid, Picture, Processor, RgbImage } from '../../contracts/processor.js';
import { SwiftError } from '../../errors.js';
import { decodeImage } from '../../io/images/decode-image.js';
import { nameOf, readImage } from '../../io/images/read-image.js';
import type { VisionTower } from '../../nn/index.js';
import { resizeImage } from '../../processor/resize.js';
import { shrunkSize } from '../../processor/shrink.js';

/** How a model sees. */
export interface Sight {
  readonly processor: Processor;
  readonly tower: Pick<VisionTower, 'features'>;
  /** Larger pictures are shrunk to so many pixels first; absent: they are not. */
  readonly max_pixels?: number;
}

/** A picture that was found sound. */
export interface OpenedPicture {
  readonly grid: Grid;
  /** Features that it becomes. */
  readonly features: number;
  /** SHA-256 of its file. */
  readonly digest: string;
  load(): Promise<Picture>;
}

/** Bytes of pixels that are kept at hand. */
const MOST_HELD = 256 * 2 ** 20;

export class Pictures {
  /** By digest, least recently used first. */
  private readonly held = new Map<string, Picture>();
  private heldBytes = 0;

  constructor(readonly sight: Sight) {}

  /**
   * Reads and decodes a picture, so that what is wrong with it shows before anything is computed.
   * @param folder of the dataset's file, for paths
   * @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_ROW, HUB_UNREACHABLE
   */
  async open(source: ImageSource, folder?: string): Promise<OpenedPicture> {
    const { image, digest } = await this.decode(source, folder);
    const grid = this.sight.processor.grid(this.sizeOf(image));
    const features = this.sight.tower.features(grid);
    return { grid, features, digest, load: () => this.load(source, folder, digest) };
  }

  /** Makes a picture ready whose file was found sound with this digest. @throws SwiftError BAD_FILE where it is another now */
  async load(source: ImageSource, folder: string | undefined, digest: string): Promise<Picture> {
    const known = this.held.get(digest);
    if (known) {
      this.held.delete(digest);
      this.held.set(digest, known);
      return known;
    }
    const { image, digest: now } = await this.decode(source, folder);
    if (now !== digest) {
      throw new SwiftError('BAD_FILE', `the image '${nameOf(source)}' changed while it was in use`, {
        cure: 'Leave the files of a dataset alone while it trains, and begin again.',
        exitCode: 1,
      });
    }
    const { width, height } = this.sizeOf(image);
    const picture = this.sight.processor.process(resizeImage(image, width, height, 'bilinear'));
    this.hold(digest, picture);
    return picture;
  }

  private async decode(
    source: ImageSource,
    folder: string | undefined,
  ): Promise<{ image: RgbImage; digest: string }> {
    const bytes = await readImage(source, folder);
    const digest = createHash('sha256').update(bytes).digest('hex');
    return { image: await decodeImage(bytes, nameOf(source)), digest };
  }

  private sizeOf(image: RgbImage): Pick<RgbImage, 'width' | 'height'> {
    return shrunkSize(image, this.sight.max_pixels ?? Infinity);
  }

  private hold(digest: string, picture: Picture): void {
    this.held.set(digest, picture);
    this.heldBytes += picture.pixels.byteLength;
    for (const [oldest, { pixels }] of this.held) {
      if (this.heldBytes <= MOST_HELD) break;
      this.held.delete(oldest);
      this.heldBytes -= pixels.byteLength;
    }
  }
}
