import type { Random } from '../contracts/random.js';

/** Four unsigned 32-bit words: all there is to a generator, so that a checkpoint can keep it. */
export type RandomState = readonly [number, number, number, number];

/**
 * Whatever a run draws at random has a stream of its own, so that no two draw the same numbers from one seed. A further
 * number tells apart what one use draws again and again: the epoch of an order, the answer of a conversation.
 */
export const STREAMS = {
  dropout: 1,
  initialization: 2,
  answer: 3,
  rows: 4,
  split: 5,
  order: 6,
  tuner: 7,
  rollout: 8,
  evaluation: 9,
  otherPrompts: 10,
  onPolicy: 11,
  neftune: 12,
} as const;

/**
 * xoshiro128** 1.1 (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c), seeded by SplitMix32.
 * Integer arithmetic only, so every machine draws the same; not for secrets.
 */
export class SeededRandom implements Random {
  readonly #words: Uint32Array;

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  /** Further `streams` numbers give independent generators of one seed, e.g. one for each epoch. */
  static seeded(seed: number, ...streams: readonly number[]): SeededRandom {
    const words = new Uint32Array(4);
    let mixed = 0;
    for (const part of [seed, ...streams]) {
      // Both halves of a number above 2^32 count.
      for (const half of [part >>> 0, Math.floor(part / 2 ** 32) >>> 0]) mixed = splitMix(mixed ^ half);
    }
    for (let i = 0; i < 4; i++) words[i] = splitMix((mixed + Math.imul(i + 1, 0x9e3779b9)) >>> 0);
    if (words.every((word) => word === 0)) words[0] = 1; // the one state that never leaves itself
    return new SeededRandom(words);
  }

  /** The stream of a named use. @param at which of its draws: epoch, step, dataset, answer */
  static stream(seed: number, use: keyof typeof STREAMS, ...at: readonly number[]): SeededRandom {
    return SeededRandom.seeded(seed, STREAMS[use], ...at);
  }

  static restored(state: RandomState): SeededRandom {
    return new SeededRandom(Uint32Array.from(state));
  }

  get state(): RandomState {
    const [a, b, c, d] = this.#words;
    return [a, b, c, d];
  }

  /** Uniform over all unsigned 32-bit integers. */
  next(): number {
    const s = this.#words;
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return result;
  }

  /** Uniform in [0, 1), with all 53 bits of a double. */
  uniform(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
  }

  /** Standard normal, by Box and Muller; the second value of each pair is not kept, so that state is the words alone. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform in 0 .. below-1, without the bias of a plain remainder. */
  below(below: number): number {
    const limit = 2 ** 32 - (2 ** 32 % below);
    let draw = this.next();
    while (draw >= limit) draw = this.next();
    return draw % below;
  }

  /** The numbers 0 .. size-1 in random order. */
  permutation(size: number): Uint32Array {
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

function rotate(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0;
}

function splitMix(state: number): number {
  let z = (state + 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
