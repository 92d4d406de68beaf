import type { Op, Shape, Tensor } from '../../core/graph/index.js';
import { sizeOf } from '../../core/graph/index.js';
import type { HostTensor } from '../../core/contracts/backend.js';

/** One use of an op: its inputs with values, and how the op is applied to them. */
export interface Sample {
  readonly inputs: readonly HostTensor[];
  readonly build: (inputs: readonly Tensor[]) => readonly Tensor[];
  /** Positions of the inputs to differentiate by. Empty when this use has no derivative. */
  readonly wrt: readonly number[];
  /** Outputs that carry cotangents. Default: the first. */
  readonly differentiated?: readonly number[];
}

export interface OpCase {
  readonly op: Op;
  /** A random use. */
  readonly sample: (draw: Draw) => Sample;
  /** Uses that random sizes would not reach, by name. */
  readonly fixed?: Readonly<Record<string, (draw: Draw) => Sample>>;
}

type DrawnDType = 'float32' | 'int32' | 'bool' | 'uint8';

/** Seeded random sizes and values. */
export class Draw {
  constructor(
    private state: number,
    /** Largest dimension. */
    private readonly size: number,
  ) {}

  /** Uniform in [0, 1): mulberry32. */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Whole, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)];
  }

  dim(): number {
    return this.int(1, this.size);
  }

  shape(rank: number): number[] {
    return Array.from({ length: rank }, () => this.dim());
  }

  /** A shape that broadcasts to `shape`: some dimensions 1, some leading ones left out. */
  narrower(shape: Shape): number[] {
    const kept = shape.map((dim) => (this.int(0, 2) === 0 ? 1 : dim));
    return this.int(0, 2) === 0 ? kept.slice(this.int(0, kept.length)) : kept;
  }

  /** Some axes of a rank, at least one. */
  axes(rank: number): number[] {
    const some = Array.from({ length: rank }, (_, axis) => axis).filter(() => this.int(0, 1) === 1);
    return some.length > 0 ? some : [this.int(0, rank - 1)];
  }

  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return items.map(() => rest.splice(this.int(0, rest.length - 1), 1)[0]);
  }

  floats(shape: Shape, low = -2, high = 2): HostTensor {
    const data = Float32Array.from({ length: sizeOf(shape) }, () => low + this.next() * (high - low));
    return { dtype: 'float32', shape, data };
  }

  ints(shape: Shape, low: number, high: number): HostTensor {
    return {
      dtype: 'int32',
      shape,
      data: Int32Array.from({ length: sizeOf(shape) }, () => this.int(low, high)),
    };
  }

  /** Floats no two of which are closer than 0.1. */
  distinct(shape: Shape): HostTensor {
    const steps = this.shuffled(Array.from({ length: sizeOf(shape) }, (_, i) => i));
    return { dtype: 'float32', shape, data: Float32Array.from(steps, (step) => step / 10 - 1) };
  }

  bytes(shape: Shape, dtype: 'bool' | 'uint8', high: number): HostTensor {
    return { dtype, shape, data: Uint8Array.from({ length: sizeOf(shape) }, () => this.int(0, high)) };
  }

  any(dtype: DrawnDType, shape: Shape): HostTensor {
    if (dtype === 'float32') return this.floats(shape);
    // Beyond 2^24, where a detour through float32 would round.
    if (dtype === 'int32') return this.ints(shape, -(2 ** 31), 2 ** 31 - 1);
    return this.bytes(shape, dtype, dtype === 'bool' ? 1 : 255);
  }
}

export const DTYPES = ['float32', 'int32', 'bool', 'uint8'] as const satisfies readonly DrawnDType[];
