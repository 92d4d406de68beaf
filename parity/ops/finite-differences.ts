import { evaluate } from './oracle.js';
import type { Use } from './check.js';
import { Draw } from './draw.js';
import { toValue, type Value } from './values.js';
import { sizeOf } from '../../core/graph/index.js';

/** A direction in which the inputs move, and how fast the cotangent-weighted outputs then grow. */
export interface Slope {
  readonly directions: readonly Float64Array[];
  readonly slope: number;
}

/** In float64 a central difference of this step is off by about 1e-10. */
const STEP = 1e-5;
/** Above this many elements a few random directions stand for all of them. */
const EVERY_ELEMENT = 40;

/** Central differences of Σ cotangent · output in float64, element by element or along random directions. */
export function slopes({ sample, forward, cotangents }: Use): Slope[] {
  const start = sample.inputs.map(toValue);
  const sizes = sample.wrt.map((i) => sizeOf(sample.inputs[i].shape));
  const weights = cotangents.map(toValue);
  const weighted = (move: readonly Float64Array[], step: number): number => {
    const moved: Value[] = [...start];
    sample.wrt.forEach((at, i) => {
      moved[at] = { ...start[at], data: start[at].data.map((value, j) => value + step * move[i][j]) };
    });
    const outputs = evaluate(forward, moved);
    return weights.reduce((sum, { data }, i) => {
      const output = outputs[(sample.differentiated ?? [0])[i]];
      return data.reduce((partial, weight, j) => partial + weight * output.data[j], sum);
    }, 0);
  };
  return directionsOf(sizes).map((directions) => ({
    directions,
    slope: (weighted(directions, STEP) - weighted(directions, -STEP)) / (2 * STEP),
  }));
}

function directionsOf(sizes: readonly number[]): Float64Array[][] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > EVERY_ELEMENT) {
    const draw = new Draw(7, 1);
    return [0, 1, 2].map(() => sizes.map((size) => Float64Array.from(draw.floats([size], -1, 1).data)));
  }
  return sizes.flatMap((size, i) =>
    Array.from({ length: size }, (_, j) =>
      sizes.map((other, k) => new Float64Array(other).fill(1, k === i ? j : other, k === i ? j + 1 : other)),
    ),
  );
}
