import type { RgbImage } from '../contracts/media.js';

/** Bytes to normalized values: (byte · scale − mean) / deviation in float32, of each channel. */
export interface Normalization {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Whether each step is rounded to bfloat16 (Llama 4). */
  readonly coarse?: boolean;
}

/** CLIP's own. */
export const CLIP_NORMALIZATION: Normalization = {
  scale: 1 / 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};

/** ImageNet's (InternVL, Florence-2). */
export const IMAGENET_NORMALIZATION: Normalization = {
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** Values from −1 to 1 (SigLIP). */
export const HALF_NORMALIZATION: Normalization = {
  scale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
};

/** What each byte becomes, by channel. */
export function normalizedBytes({ scale, mean, deviation, coarse }: Normalization): readonly Float32Array[] {
  const rounded = coarse ? toBfloat16 : Math.fround;
  return mean.map((middle, channel) => {
    const table = new Float32Array(256);
    for (let byte = 0; byte < 256; byte++) {
      const centred = rounded(rounded(byte * scale) - rounded(middle));
      table[byte] = rounded(centred / rounded(deviation[channel]));
    }
    return table;
  });
}

/** The nearest bfloat16, of two the one that ends in 0. */
function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0];
}

/** A square of a picture. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Writes a square's values into `to`, [3, side, side]. @param values of each byte, by channel */
export function planesOf(
  { width, data }: RgbImage,
  { left, top, side }: Square,
  values: readonly Float32Array[],
  to: Float32Array,
): void {
  values.forEach((table, channel) => {
    let at = channel * side * side;
    for (let y = 0; y < side; y++) {
      let from = ((top + y) * width + left) * 3 + channel;
      for (let x = 0; x < side; x++, from += 3) to[at++] = table[data[from]];
    }
  });
}
