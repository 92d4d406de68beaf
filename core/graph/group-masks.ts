import { cast } from './ops/cast.js';
import { iota } from './ops/constant.js';
import { cumsum } from './ops/cumsum.js';
import { greaterEqual } from './ops/greater-equal.js';
import { reshape } from './ops/reshape.js';
import { slice } from './ops/slice.js';
import { sub } from './ops/sub.js';
import type { Tensor } from './tensor.js';

/** For rows sorted by group: per group 1 at its rows, 0 elsewhere, float32 [rows, 1]. */
export function groupMasks(groupSizes: Tensor, rows: number): Tensor[] {
  const groups = groupSizes.shape[0];
  const positions = reshape(iota(rows), [rows, 1]);
  const ends = cumsum(groupSizes, 0);
  const past = Array.from({ length: groups }, (_, group) =>
    cast(greaterEqual(positions, slice(ends, 0, group, group + 1)), 'float32'),
  );
  const first = cast(
    greaterEqual(positions, sub(slice(ends, 0, 0, 1), slice(groupSizes, 0, 0, 1))),
    'float32',
  );
  return past.map((mask, group) => sub(group === 0 ? first : past[group - 1], mask));
}
