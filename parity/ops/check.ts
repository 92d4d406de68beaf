import fc from 'fast-check';
import { expect } from 'vitest';
import type { Backend, HostTensor } from '../../core/contracts/backend.js';
import { input, makeGraph, vjp, type Graph, type Tensor } from '../../core/graph/index.js';
import { Draw, type OpCase, type Sample } from './draw.js';

const SEED = 20240811;

/** Checks an op's fixed uses and some random ones; a failure names the use. */
export async function eachUse(
  opCase: OpCase,
  runs: number,
  check: (use: Use) => Promise<void>,
): Promise<void> {
  for (const [name, make] of Object.entries(opCase.fixed ?? {})) {
    const use = new Use(opCase, make(new Draw(SEED, 4)), SEED);
    await check(use).catch((cause: unknown) => {
      throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
  }
  const drawn = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    size: fc.integer({ min: 1, max: 5 }),
  });
  const property = fc.asyncProperty(drawn, ({ seed, size }) =>
    check(new Use(opCase, opCase.sample(new Draw(seed, size)), seed)),
  );
  await fc.assert(property, { seed: SEED, numRuns: runs });
}

/** A sample, traced with the cotangents of its derivative. */
export class Use {
  readonly inputs: readonly HostTensor[];
  /** [...inputs, ...cotangents] -> [...outputs, ...gradients] */
  readonly joint: Graph;
  /** inputs -> outputs */
  readonly forward: Graph;
  readonly cotangents: readonly HostTensor[];

  constructor(
    readonly opCase: OpCase,
    readonly sample: Sample,
    seed: number,
  ) {
    const tensors = sample.inputs.map(({ shape, dtype }) => input(shape, dtype));
    const outputs = sample.build(tensors);
    this.forward = makeGraph(tensors, outputs);
    expect(this.forward.nodes.map(({ op }) => op)).toContain(opCase.op);
    const carried = sample.wrt.length > 0 ? (sample.differentiated ?? [0]).map((i) => outputs[i]) : [];
    const cotangents = carried.map(({ shape }) => input(shape));
    const draw = new Draw(seed + 1, 1);
    this.cotangents = carried.map(({ shape }) => draw.floats(shape, -1, 1));
    const wrt = sample.wrt.map((i) => tensors[i]);
    const gradients: readonly Tensor[] = wrt.length > 0 ? vjp(carried, cotangents, wrt) : [];
    this.joint = makeGraph([...tensors, ...cotangents], [...outputs, ...gradients]);
    this.inputs = [...sample.inputs, ...this.cotangents];
  }

  /** Outputs, then gradients. */
  async run(backend: Backend): Promise<HostTensor[]> {
    const executable = await backend.compile(this.joint);
    try {
      return await executable.run(this.inputs);
    } finally {
      await executable.release();
    }
  }
}

interface Numbers {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Equal shapes and dtypes; floats within `tolerance`, absolute below 1 and relative above, others exactly. */
export function expectClose(what: string, got: Numbers, wanted: Numbers, tolerance: number): void {
  expect({ dtype: got.dtype, shape: [...got.shape], length: got.data.length }, what).toEqual({
    dtype: wanted.dtype,
    shape: [...wanted.shape],
    length: wanted.data.length,
  });
  for (let i = 0; i < wanted.data.length; i++) {
    const [x, y] = [got.data[i], wanted.data[i]];
    const allowed = wanted.dtype === 'float32' ? tolerance * Math.max(1, Math.abs(y)) : 0;
    if (!(Object.is(x, y) || x === y || Math.abs(x - y) <= allowed)) {
      throw new Error(`${what}: element ${i} of [${wanted.shape.join(', ')}] is ${x}, expected ${y}`);
    }
  }
}
