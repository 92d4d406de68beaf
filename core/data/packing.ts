import { SwiftError } from '../errors.js';

/**
 * Packs samples into rows of at most `capacity` tokens by best fit decreasing: the longest first, each into the row
 * where it leaves least room. Every sample stands in exactly one row. Same lengths, same answer.
 *
 * @returns rows of indices into `lengths`.
 * @throws SwiftError BAD_ARGUMENT when a sample is longer than a row.
 */
export function packSamples(lengths: readonly number[], capacity: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b] - lengths[a] || a - b);
  if (order.length > 0 && lengths[order[0]] > capacity) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `A sample has ${lengths[order[0]]} tokens; a packed row has max_length = ${capacity}.`,
      { cure: 'Give the same max_length to encoding and packing.' },
    );
  }
  const rows: number[][] = [];
  const open = new Map<number, number[][]>(); // by room left
  const rooms: number[] = []; // keys of `open`, ascending
  for (const index of order) {
    const length = lengths[index];
    const at = lowerBound(rooms, length);
    let row: number[];
    let room = capacity;
    if (at < rooms.length) {
      room = rooms[at];
      const fitting = open.get(room)!;
      row = fitting.pop()!;
      if (fitting.length === 0) {
        open.delete(room);
        rooms.splice(at, 1);
      }
    } else {
      row = [];
      rows.push(row);
    }
    row.push(index);
    const left = room - length;
    const others = open.get(left);
    if (others) others.push(row);
    else {
      open.set(left, [row]);
      rooms.splice(lowerBound(rooms, left), 0, left);
    }
  }
  return rows;
}

/** Index of the first value that is at least `wanted` in an ascending list. */
function lowerBound(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
