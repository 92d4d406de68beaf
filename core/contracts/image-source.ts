/** A picture of a row: a path, an address, a data URL or base64; or bytes, as datasets on a hub hold them. */
export type ImageSource = string | ImageBytes;

/** Bytes, with the name they had; where there are none, the name is a path. */
export interface ImageBytes {
  readonly bytes?: Uint8Array | null;
  readonly path?: string | null;
}
