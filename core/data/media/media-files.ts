/** Media of rows, ready for a tower: looked at once, decoded again when a step needs them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { MEDIA_KINDS, type MediaKind, type MediaSource, type RgbImage } from '../../contracts/media.js';
import type { Grounding, SizedImage } from '../../contracts/grounding.js';
import type { Grid, ImageProcessor, Medium, Processor, VideoProcessor } from '../../contracts/processor.js';
import { SwiftError } from '../../errors.js';
import { decodeImage } from '../../io/images/decode-image.js';
import { decodeAudio } from '../../io/audio/decode-audio.js';
import { nameOf, readMedia } from '../../io/media/read-media.js';
import { inMediaFile } from '../../io/media/temporary-file.js';
import { probeVideo, readFrames } from '../../io/video/decode-video.js';
import { SWIFT_GROUNDING } from '../grounding/swift-grounding.js';
import type { MediaTower } from '../../nn/index.js';
import { resizeImage } from '../../processor/resize.js';
import { shrunkSize } from '../../processor/shrink.js';

/** How a model sees and hears. */
export interface Sight {
  readonly processor: Processor;
  readonly tower: Pick<MediaTower, 'features' | 'mostRead'>;
  /** Larger pictures are shrunk to so many pixels first; absent: they are not. */
  readonly max_pixels?: number;
}

/** A medium that was found sound. */
export interface OpenedMedium {
  readonly kind: MediaKind;
  readonly grid: Grid;
  /** Features that it becomes. */
  readonly features: number;
  /** SHA-256 of its file. */
  readonly digest: string;
  /** Of an image. */
  readonly size?: SizedImage;
  load(): Promise<Medium>;
}

/** A decoded medium. */
interface Decoded {
  readonly digest: string;
  readonly grid: Grid;
  readonly size?: SizedImage;
  /** What the tower takes. */
  process(): Float32Array;
}

/** Bytes of values that are kept at hand. */
const MOST_HELD = 256 * 2 ** 20;

export class MediaFiles {
  /** By kind and digest, least recently used first. */
  private readonly held = new Map<string, Medium>();
  private heldBytes = 0;

  constructor(readonly sight: Sight) {}

  /** How the model speaks of places in images. */
  get grounding(): Grounding {
    return this.sight.processor.grounding ?? SWIFT_GROUNDING;
  }

  /** The kinds that the model knows. */
  get kinds(): readonly MediaKind[] {
    return MEDIA_KINDS.filter((kind) => this.sight.processor[kind]);
  }

  /**
   * Reads and decodes a medium, so that what is wrong with it shows before anything is computed.
   * @param folder of the dataset's file, for paths
   * @param count of its row's media of that kind
   * @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_ROW, HUB_UNREACHABLE
   */
  async open(kind: MediaKind, source: MediaSource, folder?: string, count = 1): Promise<OpenedMedium> {
    const { grid, digest, size } = await this.decode(kind, source, folder, count);
    const features = this.sight.tower.features(grid, kind);
    return { kind, grid, features, digest, size, load: () => this.load(kind, source, folder, digest, count) };
  }

  /** Makes a medium ready whose file was found sound with this digest. @throws SwiftError BAD_FILE where it is another now */
  async load(
    kind: MediaKind,
    source: MediaSource,
    folder: string | undefined,
    digest: string,
    count = 1,
  ): Promise<Medium> {
    const of = kind === 'image' && this.sight.processor.image?.among ? ` of ${count}` : '';
    const key = `${kind} ${digest}${of}`;
    const known = this.held.get(key);
    if (known) {
      this.held.delete(key);
      this.held.set(key, known);
      return known;
    }
    const decoded = await this.decode(kind, source, folder, count);
    if (decoded.digest !== digest) {
      throw new SwiftError('BAD_FILE', `the ${kind} '${nameOf(kind, source)}' changed while it was in use`, {
        cure: 'Leave the files of a dataset alone while it trains, and begin again.',
        exitCode: 1,
      });
    }
    const medium = { kind, values: decoded.process(), grid: decoded.grid };
    this.hold(key, medium);
    return medium;
  }

  private async decode(
    kind: MediaKind,
    source: MediaSource,
    folder: string | undefined,
    count: number,
  ): Promise<Decoded> {
    const { image, audio, video } = this.sight.processor;
    const name = nameOf(kind, source);
    if (kind === 'video' && video)
      return inMediaFile(kind, source, folder, (path) => this.video(path, name, video));
    const bytes = await readMedia(kind, source, folder);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (kind === 'image' && image)
      return { digest, ...this.picture(await decodeImage(bytes, name), image.among?.(count) ?? image) };
    if (kind !== 'audio' || !audio) throw new Error(`no ${kind} is decoded`);
    const clip = await decodeAudio(bytes, name, audio.rate);
    return { digest, grid: audio.grid(clip.samples), process: () => audio.process(clip) };
  }

  private picture(image: RgbImage, processor: ImageProcessor): Omit<Decoded, 'digest'> {
    const given = shrunkSize(image, this.sight.max_pixels ?? Infinity);
    const { width, height } = given;
    return {
      grid: processor.grid(given),
      size: { own: { width: image.width, height: image.height }, given },
      process: () => processor.process(resizeImage(image, width, height, 'bilinear')),
    };
  }

  private async video(path: string, name: string, processor: VideoProcessor): Promise<Decoded> {
    const hash = createHash('sha256');
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
    const facts = await probeVideo(path, name);
    const numbers = processor.choose(facts);
    const frames = await readFrames(path, name, numbers);
    return {
      digest: hash.digest('hex'),
      grid: processor.grid({ ...facts, numbers }),
      process: () => processor.process({ frames, numbers, facts }),
    };
  }

  private hold(key: string, medium: Medium): void {
    this.held.set(key, medium);
    this.heldBytes += medium.values.byteLength;
    for (const [oldest, { values }] of this.held) {
      if (this.heldBytes <= MOST_HELD) break;
      this.held.delete(oldest);
      this.heldBytes -= values.byteLength;
    }
  }
}
