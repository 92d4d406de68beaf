/** Bytes to normalized values: (byte · scale − mean) / deviation in float32, of each channel. */
export interface Normalization {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** CLIP's own. */
export const CLIP_NORMALIZATION: Normalization = {
  scale: 1 / 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};

/** What each byte becomes, by channel. */
export function normalizedBytes({ scale, mean, deviation }: Normalization): readonly Float32Array[] {
  return mean.map((middle, channel) => {
    const table = new Float32Array(256);
    for (let byte = 0; byte < 256; byte++) {
      const centred = Math.fround(Math.fround(byte * scale) - Math.fround(middle));
      table[byte] = centred / Math.fround(deviation[channel]);
    }
    return table;
  });
}
