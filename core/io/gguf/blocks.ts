/**
 * Dequantization of GGML blocks to float32, in the order of operations of the reference (`gguf.quants` in Python,
 * `ggml-quants.c`), so that results agree bit for bit. Layouts: `ggml-common.h`.
 * `d` is a block's scale and `m` its minimum, both float16; `q` a small integer.
 */
import { halfValues } from '../dtypes.js';
import { SUPERBLOCK_DECODERS, type BlockFormat } from './superblocks.js';

const { fround } = Math;

/** Sixteen unevenly spaced levels, denser near zero. */
const IQ4_LEVELS = Float32Array.of(
  ...[-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113],
);

/** `d`, 16 bytes of nibbles; value = (q - 8) d. */
function decodeQ4_0(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 32, at += 18) {
    const d = half[source[at] | (source[at + 1] << 8)];
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 2 + j];
      target[y + j] = d * ((pair & 15) - 8);
      target[y + j + 16] = d * ((pair >>> 4) - 8);
    }
  }
}

/** `d`, `m`, 16 bytes of nibbles; value = q d + m. */
function decodeQ4_1(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 32, at += 20) {
    const d = half[source[at] | (source[at + 1] << 8)];
    const m = half[source[at + 2] | (source[at + 3] << 8)];
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 4 + j];
      target[y + j] = fround(d * (pair & 15)) + m;
      target[y + j + 16] = fround(d * (pair >>> 4)) + m;
    }
  }
}

/** `d`, 32 fifth bits, 16 bytes of nibbles; value = (q - 16) d. */
function decodeQ5_0(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 32, at += 22) {
    const d = half[source[at] | (source[at + 1] << 8)];
    const high = source[at + 2] | (source[at + 3] << 8) | (source[at + 4] << 16) | (source[at + 5] << 24);
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 6 + j];
      target[y + j] = d * (((pair & 15) | (((high >>> j) & 1) << 4)) - 16);
      target[y + j + 16] = d * (((pair >>> 4) | (((high >>> (j + 16)) & 1) << 4)) - 16);
    }
  }
}

/** `d`, `m`, 32 fifth bits, 16 bytes of nibbles; value = q d + m. */
function decodeQ5_1(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 32, at += 24) {
    const d = half[source[at] | (source[at + 1] << 8)];
    const m = half[source[at + 2] | (source[at + 3] << 8)];
    const high = source[at + 4] | (source[at + 5] << 8) | (source[at + 6] << 16) | (source[at + 7] << 24);
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 8 + j];
      target[y + j] = fround(d * ((pair & 15) | (((high >>> j) & 1) << 4))) + m;
      target[y + j + 16] = fround(d * ((pair >>> 4) | (((high >>> (j + 16)) & 1) << 4))) + m;
    }
  }
}

/** `d`, 32 signed bytes; value = q d. */
function decodeQ8_0(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 32, at += 34) {
    const d = half[source[at] | (source[at + 1] << 8)];
    for (let j = 0; j < 32; j++) target[y + j] = d * ((source[at + 2 + j] << 24) >> 24);
  }
}

/** `d`, 16 bytes of nibbles that index the levels; value = level d. */
function decodeIq4Nl(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 32, at += 18) {
    const d = half[source[at] | (source[at + 1] << 8)];
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 2 + j];
      target[y + j] = d * IQ4_LEVELS[pair & 15];
      target[y + j + 16] = d * IQ4_LEVELS[pair >>> 4];
    }
  }
}

/** By GGML type name. */
export const BLOCK_DECODERS: Readonly<Record<string, BlockFormat>> = {
  Q4_0: { values: 32, bytes: 18, decode: decodeQ4_0 },
  Q4_1: { values: 32, bytes: 20, decode: decodeQ4_1 },
  Q5_0: { values: 32, bytes: 22, decode: decodeQ5_0 },
  Q5_1: { values: 32, bytes: 24, decode: decodeQ5_1 },
  Q8_0: { values: 32, bytes: 34, decode: decodeQ8_0 },
  IQ4_NL: { values: 32, bytes: 18, decode: decodeIq4Nl },
  ...SUPERBLOCK_DECODERS,
};
