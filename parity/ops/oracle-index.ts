/** Picking, ordering and padding, each as it is defined. */
import type { Meaning } from './oracle.js';
import { allIndices, at, fill, type Value } from './values.js';

/** Positions of one row in order; sorting is stable. */
function order(row: readonly number[], largest: boolean): number[] {
  return row.map((_, i) => i).sort((i, j) => (largest ? row[j] - row[i] : row[i] - row[j]));
}

function rowOf(x: Value, lead: readonly number[]): number[] {
  return Array.from({ length: x.shape.at(-1)! }, (_, i) => at(x, [...lead, i]));
}

export const indexing: Readonly<Record<string, Meaning>> = {
  topK: ([x], { largest }: { largest: boolean }, [values, indices]) => {
    const places = fill('int32', indices.shape, (index) => {
      const lead = index.slice(0, -1);
      return order(rowOf(x, lead), largest)[index.at(-1)!];
    });
    const picked = fill(values.dtype, values.shape, (index) =>
      at(x, [...index.slice(0, -1), at(places, index)]),
    );
    return [picked, places];
  },
  argmax: ([x], { axis }: { axis: number }, [{ shape }]) => [
    fill('int32', shape, (index) => {
      const row = Array.from({ length: x.shape[axis] }, (_, i) => at(x, index.with(axis, i)));
      return order(row, true)[0];
    }),
  ],
  cumsum: ([x], { axis, reverse }: { axis: number; reverse: boolean }, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => {
      let sum = 0;
      for (let i = 0; i < x.shape[axis]; i++) {
        if (reverse ? i >= index[axis] : i <= index[axis]) sum += at(x, index.with(axis, i));
      }
      return sum;
    }),
  ],
  takeAlong: ([x, indices], _, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => x.data[rowStart(x, index) + at(indices, index)]),
  ],
  gatherNd: ([x, indices], _, [{ dtype, shape }]) => [
    fill(dtype, shape, (index) => {
      const rank = indices.shape.length - 1;
      const named = Array.from({ length: indices.shape[rank] }, (_, i) =>
        at(indices, [...index.slice(0, rank), i]),
      );
      return at(x, [...named, ...index.slice(rank)]);
    }),
  ],
  pad: ([x], { before, value }: { before: readonly number[]; value: number }, [{ dtype, shape }]) => {
    const inside = new Map(
      allIndices(x.shape).map((index) => [index.map((i, axis) => i + before[axis]).join(), at(x, index)]),
    );
    return [fill(dtype, shape, (index) => inside.get(index.join()) ?? value)];
  },
};

/** Offset of the row that `index` is in. */
function rowStart(x: Value, index: readonly number[]): number {
  const row = index.slice(0, -1).reduce((offset, i, axis) => offset * x.shape[axis] + i, 0);
  return row * x.shape.at(-1)!;
}
