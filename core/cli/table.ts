/** What a command lists: as data, and as lines for a terminal. */
export interface Listing {
  readonly records: readonly object[];
  readonly lines: readonly string[];
  /** What the reader should know beside, one sentence. */
  readonly note?: string;
}

/** Rows of cells as lines: columns begin below each other, two spaces apart. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] + 2))
      .join('')
      .trimEnd(),
  );
}
