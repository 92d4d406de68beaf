/** What rows hold beside text, as it comes and as it is decoded. */

import type { MediaKind } from '../nn/media/kinds.js';

export { MEDIA_KINDS, type MediaKind } from '../nn/media/kinds.js';

/** The fields of rows and requests in which media of a kind stand, in the order of their tags. */
export const MEDIA_FIELDS = { image: 'images', video: 'videos', audio: 'audios' } as const;
export type MediaField = (typeof MEDIA_FIELDS)[MediaKind];

/** Media of a row, a message or a request. */
export type MediaLists = { readonly [F in MediaField]?: readonly MediaSource[] };

/** A picture, video or sound: a path, an address, a data URL or base64; or bytes, as datasets on a hub hold them. */
export type MediaSource = string | MediaBytes;

/** Bytes, with the name they had; where there are none, the name is a path. */
export interface MediaBytes {
  readonly bytes?: Uint8Array | null;
  readonly path?: string | null;
}

/** A decoded picture: 8-bit red, green, blue, row by row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly data: Uint8Array;
}

/** What a video's file says of itself. */
export interface VideoFacts {
  readonly width: number;
  readonly height: number;
  /** How many frames it has, and how many a second. */
  readonly frames: number;
  readonly fps: number;
}

/** Frames that were chosen of a video. */
export interface VideoClip {
  readonly frames: readonly RgbImage[];
  /** The number of each in its file. */
  readonly numbers: readonly number[];
  readonly facts: VideoFacts;
}

/** Sound in one channel. */
export interface AudioClip {
  /** float32, −1 to 1 */
  readonly samples: Float32Array;
  /** Samples a second. */
  readonly rate: number;
}
