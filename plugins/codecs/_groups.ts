/** Groups of columns as files have them, and as they are held: even, in whole numbers to a row. */

export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Columns that share a scale in memory: those of the file's `group`, or a part of them that divides a row. */
export function heldGroup(columns: number, group: number): number {
  // A whole row's scale is repeated, for kernels that want groups.
  return group >= columns ? gcd(columns, 128) : gcd(columns, group);
}

/** What a file has per group and row, [G, N], per row and held group, [N, K/held]. @param of the file's group of each held one */
export function byRows<T extends Float32Array | Uint8Array>(
  values: T,
  rows: number,
  of: Int32Array,
  into: T,
): T {
  const held = of.length;
  for (let i = 0; i < held; i++) {
    const from = of[i] * rows;
    for (let row = 0; row < rows; row++) into[row * held + i] = values[from + row];
  }
  return into;
}
