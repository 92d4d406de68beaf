/**
 * Dequantization of GGML superblocks, the K-quants: 256 values, whose sub-blocks of 16 or 32 have scales that are
 * quantized in turn. Same order of operations as the reference. Layouts: `ggml-common.h`, `block_q2_K` and following.
 */
import { halfValues } from '../dtypes.js';

export interface BlockFormat {
  /** Values in a block. */
  readonly values: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /** Decodes whole blocks: `target.length / values` of them, lying one after another in `source`. */
  readonly decode: (source: Uint8Array, target: Float32Array) => void;
}

const { fround } = Math;

/** 16 scale/minimum nibbles, 64 bytes of 2-bit values, `d`, `m`; value = q d s - m t. */
function decodeQ2K(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 256, at += 84) {
    const d = half[source[at + 80] | (source[at + 81] << 8)];
    const m = half[source[at + 82] | (source[at + 83] << 8)];
    for (let group = 0; group < 16; group++) {
      const scale = source[at + group];
      const dl = fround(d * (scale & 15));
      const ml = fround(m * (scale >>> 4));
      const from = at + 16 + (group >>> 3) * 32 + (group & 1) * 16;
      const shift = ((group >>> 1) & 3) * 2;
      const out = y + group * 16;
      for (let j = 0; j < 16; j++) target[out + j] = fround(dl * ((source[from + j] >>> shift) & 3)) - ml;
    }
  }
}

/** 32 bytes of third bits (inverted), 64 bytes of 2-bit values, 16 scales of 6 bits in 12 bytes, `d`. */
function decodeQ3K(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 256, at += 110) {
    const d = half[source[at + 108] | (source[at + 109] << 8)];
    const scales = at + 96;
    for (let group = 0; group < 16; group++) {
      const low = group < 8 ? source[scales + group] & 15 : source[scales + group - 8] >>> 4;
      const high = (source[scales + 8 + (group & 3)] >>> (2 * (group >>> 2))) & 3;
      const dl = fround(d * ((low | (high << 4)) - 32));
      const lane = (group & 1) * 16;
      const from = at + 32 + (group >>> 3) * 32 + lane;
      const shift = ((group >>> 1) & 3) * 2;
      const bit = group >>> 1;
      const out = y + group * 16;
      for (let j = 0; j < 16; j++) {
        const q = ((source[from + j] >>> shift) & 3) - (((source[at + lane + j] >>> bit) & 1) === 0 ? 4 : 0);
        target[out + j] = dl * q;
      }
    }
  }
}

/** Scale of sub-block `i` among the eight that share 12 bytes at `at` with their minimums, 6 bits each. */
function scaleOf(source: Uint8Array, at: number, i: number): number {
  if (i < 4) return source[at + i] & 63;
  return (source[at + i + 4] & 15) | ((source[at + i - 4] >>> 6) << 4);
}

/** Minimum of sub-block `i`; see `scaleOf`. */
function minimumOf(source: Uint8Array, at: number, i: number): number {
  if (i < 4) return source[at + i + 4] & 63;
  return (source[at + i + 4] >>> 4) | ((source[at + i] >>> 6) << 4);
}

/** `d`, `m`, 12 bytes of scales and minimums, 128 bytes of nibbles; value = q d s - m t. */
function decodeQ4K(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 256, at += 144) {
    const d = half[source[at] | (source[at + 1] << 8)];
    const m = half[source[at + 2] | (source[at + 3] << 8)];
    for (let group = 0; group < 8; group++) {
      const dl = fround(d * scaleOf(source, at + 4, group));
      const ml = fround(m * minimumOf(source, at + 4, group));
      const from = at + 16 + (group >>> 1) * 32;
      const shift = (group & 1) * 4;
      const out = y + group * 32;
      for (let j = 0; j < 32; j++) target[out + j] = fround(dl * ((source[from + j] >>> shift) & 15)) - ml;
    }
  }
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles. */
function decodeQ5K(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 256, at += 176) {
    const d = half[source[at] | (source[at + 1] << 8)];
    const m = half[source[at + 2] | (source[at + 3] << 8)];
    for (let group = 0; group < 8; group++) {
      const dl = fround(d * scaleOf(source, at + 4, group));
      const ml = fround(m * minimumOf(source, at + 4, group));
      const from = at + 48 + (group >>> 1) * 32;
      const shift = (group & 1) * 4;
      const out = y + group * 32;
      for (let j = 0; j < 32; j++) {
        const q = ((source[from + j] >>> shift) & 15) | (((source[at + 16 + j] >>> group) & 1) << 4);
        target[out + j] = fround(dl * q) - ml;
      }
    }
  }
}

/** 128 bytes of low nibbles, 64 bytes of high 2-bit parts, 16 signed scales, `d`; value = (q - 32) d s. */
function decodeQ6K(source: Uint8Array, target: Float32Array): void {
  const half = halfValues();
  for (let y = 0, at = 0; y < target.length; y += 256, at += 210) {
    const d = half[source[at + 208] | (source[at + 209] << 8)];
    for (let group = 0; group < 16; group++) {
      const dl = fround(d * ((source[at + 192 + group] << 24) >> 24));
      const quarter = (group >>> 1) & 3;
      const lane = (group & 1) * 16;
      const low = at + (group >>> 3) * 64 + (quarter & 1) * 32 + lane;
      const lowShift = (quarter >>> 1) * 4;
      const high = at + 128 + (group >>> 3) * 32 + lane;
      const highShift = quarter * 2;
      const out = y + group * 16;
      for (let j = 0; j < 16; j++) {
        const q = ((source[low + j] >>> lowShift) & 15) | (((source[high + j] >>> highShift) & 3) << 4);
        target[out + j] = dl * (q - 32);
      }
    }
  }
}

/** By GGML type name. */
export const SUPERBLOCK_DECODERS: Readonly<Record<string, BlockFormat>> = {
  Q2_K: { values: 256, bytes: 84, decode: decodeQ2K },
  Q3_K: { values: 256, bytes: 110, decode: decodeQ3K },
  Q4_K: { values: 256, bytes: 144, decode: decodeQ4K },
  Q5_K: { values: 256, bytes: 176, decode: decodeQ5K },
  Q6_K: { values: 256, bytes: 210, decode: decodeQ6K },
};
