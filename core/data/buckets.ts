/**
 * Lengths that batches are padded to: each 1.25 to 1.5 times the one before, multiples of 16, the last one `longest`
 * itself. Few lengths mean few compiled graphs; near lengths mean little padding.
 */
export function bucketLadder(longest: number, shortest = 32): number[] {
  const ladder: number[] = [];
  for (let power = shortest; power < longest; power *= 2) {
    for (const length of [power, power * 1.5]) if (length < longest) ladder.push(Math.ceil(length / 16) * 16);
  }
  return [...new Set(ladder.filter((length) => length < longest)), longest];
}

/** The shortest bucket that holds `length`; `length` itself where none does. */
export function roundUpToBucket(length: number, buckets: readonly number[]): number {
  return buckets.find((bucket) => bucket >= length) ?? length;
}
