/**
 * What each op means, in float64 and straight from its definition: no decomposition, no code shared with a backend.
 * The reference backend is checked against it, and its finite differences check every VJP.
 */
import type { Graph, Node, Shape, Tensor, TensorSpec } from '../../core/graph/index.js';
import { composites } from './oracle-composites.js';
import { indexing } from './oracle-index.js';
import { sequences } from './oracle-sequence.js';
import { vision } from './oracle-vision.js';
import { weightMeanings } from './oracle-weights.js';
import { allIndices, at, fill, type Value } from './values.js';

export type Meaning = (
  inputs: readonly Value[],
  attrs: never,
  outputs: readonly TensorSpec[],
) => readonly Value[];

/** Evaluates a traced graph, ops as they were written. */
export function evaluate(graph: Graph, inputs: readonly Value[]): Value[] {
  const values = new Map<Tensor, Value>(graph.inputs.map((tensor, i) => [tensor, inputs[i]]));
  for (const node of graph.nodes) {
    const results = meaningOf(node)(
      node.inputs.map((tensor) => values.get(tensor)!),
      node.attrs as never,
      node.outputs,
    );
    node.outputs.forEach((output, i) => values.set(output, results[i]));
  }
  return graph.outputs.map((tensor) => values.get(tensor)!);
}

function meaningOf({ op }: Node): Meaning {
  const meaning = all[op.name];
  if (!meaning) throw new Error(`the oracle does not know op '${op.name}'`);
  return meaning;
}

function elementwise(compute: (...values: number[]) => number): Meaning {
  return (inputs, _, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => {
      const value = compute(...inputs.map((input) => at(input, index)));
      return dtype === 'int32' ? Math.trunc(value) : value;
    }),
  ];
}

/** Each output element from the input elements that `axes` fold into it. */
function reduction(fold: (values: readonly number[]) => number): Meaning {
  return ([x], { axes }: { axes: readonly number[] }, [{ dtype, shape }]) => {
    const groups = new Map<string, number[]>();
    for (const index of allIndices(x.shape)) {
      const key = index.filter((_, axis) => !axes.includes(axis)).join();
      groups.set(key, [...(groups.get(key) ?? []), at(x, index)]);
    }
    // Map keeps insertion order, which is row-major over the axes that stay.
    return [{ dtype, shape, data: Float64Array.from([...groups.values()].map(fold)) }];
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Simpson's rule over the defining integral. */
export function erf(x: number): number {
  const steps = 400;
  const density = (i: number): number => Math.exp(-(((i / steps) * x) ** 2));
  let total = density(0) + density(steps);
  for (let i = 1; i < steps; i++) total += density(i) * (i % 2 === 1 ? 4 : 2);
  return ((2 / Math.sqrt(Math.PI)) * total * x) / steps / 3;
}

const meanings: Readonly<Record<string, Meaning>> = {
  add: elementwise((a, b) => a + b),
  sub: elementwise((a, b) => a - b),
  mul: elementwise((a, b) => a * b),
  div: elementwise((a, b) => a / b),
  neg: elementwise((x) => -x),
  exp: elementwise(Math.exp),
  sin: elementwise(Math.sin),
  cos: elementwise(Math.cos),
  log: elementwise(Math.log),
  sqrt: elementwise(Math.sqrt),
  sigmoid: elementwise((x) => 1 / (1 + Math.exp(-x))),
  silu: elementwise((x) => x / (1 + Math.exp(-x))),
  tanh: elementwise((x) => (Math.exp(2 * x) - 1) / (Math.exp(2 * x) + 1)),
  erf: elementwise(erf),
  detach: elementwise((x) => x),
  relu: elementwise((x) => Math.max(x, 0)),
  gelu: ([x], { approximate }: { approximate: string }, [{ shape }]) => [
    fill('float32', shape, (index) => {
      const value = at(x, index);
      const cube = Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3);
      return 0.5 * value * (1 + (approximate === 'none' ? erf(value / Math.SQRT2) : Math.tanh(cube)));
    }),
  ],
  quickGelu: elementwise((x) => x / (1 + Math.exp(-1.702 * x))),
  softplus: elementwise((x) => Math.log1p(Math.exp(x))),
  softcap: ([x], { cap }: { cap: number }, [{ shape }]) => [
    fill('float32', shape, (index) => cap * Math.tanh(at(x, index) / cap)),
  ],
  equal: elementwise((a, b) => (a === b ? 1 : 0)),
  greaterEqual: elementwise((a, b) => (a >= b ? 1 : 0)),
  where: elementwise((condition, a, b) => (condition === 1 ? a : b)),
  expand: elementwise((x) => x),
  reduceSum: reduction(sum),
  reduceMean: reduction((values) => sum(values) / values.length),
  reduceMax: reduction((values) => Math.max(...values)),
  reshape: ([x], { shape }: { shape: Shape }) => [{ ...x, shape }],
  transpose: ([x], { perm }: { perm: readonly number[] }, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) =>
      at(
        x,
        x.shape.map((_, axis) => index[perm.indexOf(axis)]),
      ),
    ),
  ],
  slice: ([x], { axis, start }: { axis: number; start: number }, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) =>
      at(
        { ...x, shape: x.shape },
        index.map((i, a) => (a === axis ? i + start : i)),
      ),
    ),
  ],
  concat: (inputs, { axis }: { axis: number }, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => {
      let [offset, part] = [index[axis], 0];
      while (offset >= inputs[part].shape[axis]) offset -= inputs[part++].shape[axis];
      return at(
        inputs[part],
        index.map((i, a) => (a === axis ? offset : i)),
      );
    }),
  ],
  gather: ([x, indices], _, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => {
      const rank = indices.shape.length;
      return at(x, [at(indices, index.slice(0, rank)), ...index.slice(rank)]);
    }),
  ],
  scatterAdd: ([indices, updates], _, [{ dtype, shape }]) => [
    fill(dtype, shape, ([row, ...rest]) =>
      sum(Array.from(indices.data, (target, i) => (target === row ? at(updates, [i, ...rest]) : 0))),
    ),
  ],
  constant: (_, { values }: { values: readonly number[] }, [{ dtype, shape }]) => [
    { dtype, shape, data: Float64Array.from(values) },
  ],
  cast: ([x], _, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => {
      const value = at(x, index);
      if (dtype === 'bool') return value === 0 ? 0 : 1;
      return dtype === 'float32' ? value : Math.trunc(value);
    }),
  ],
};

const all: Readonly<Record<string, Meaning>> = {
  ...meanings,
  ...composites,
  ...indexing,
  ...vision,
  ...sequences,
  ...weightMeanings,
};
