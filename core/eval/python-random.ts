/** Python's `random.Random(seed).sample`, by which lm-evaluation-harness draws its examples: the same seed, the same rows. */

const [SIZE, SHIFT] = [624, 397];

/**
 * MT19937 (Matsumoto and Nishimura, 1998) as CPython seeds and reads it.
 * https://github.com/python/cpython/blob/3.12/Modules/_randommodule.c, Lib/random.py
 */
export class PythonRandom {
  private readonly state = new Uint32Array(SIZE);
  private at = SIZE;

  /** @param seed a whole number below 2^32 */
  constructor(seed: number) {
    const { state } = this;
    state[0] = 19650218;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, mixed(state[i - 1])) + i;
    let i = 1;
    const advance = (): void => {
      if (++i < SIZE) return;
      state[0] = state[SIZE - 1];
      i = 1;
    };
    for (let k = 0; k < SIZE; k++) {
      state[i] = (state[i] ^ Math.imul(mixed(state[i - 1]), 1664525)) + seed;
      advance();
    }
    for (let k = 1; k < SIZE; k++) {
      state[i] = (state[i] ^ Math.imul(mixed(state[i - 1]), 1566083941)) - i;
      advance();
    }
    state[0] = 0x80000000;
  }

  /** `count` different numbers below `size`, in the order drawn: what `sample(range(size), count)` gives. */
  sample(size: number, count: number): number[] {
    const few = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    if (size > few) {
      const drawn = new Set<number>();
      while (drawn.size < count) drawn.add(this.below(size));
      return [...drawn];
    }
    const pool = Array.from({ length: size }, (_, i) => i);
    return Array.from({ length: count }, (_, i) => {
      const j = this.below(size - i);
      const one = pool[j];
      pool[j] = pool[size - i - 1];
      return one;
    });
  }

  private below(limit: number): number {
    const bits = 32 - Math.clz32(limit);
    for (;;) {
      const drawn = this.next() >>> (32 - bits);
      if (drawn < limit) return drawn;
    }
  }

  private next(): number {
    if (this.at === SIZE) this.twist();
    let y = this.state[this.at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }
}

const mixed = (word: number): number => (word ^ (word >>> 30)) >>> 0;
