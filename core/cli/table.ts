/** What a command lists: as data, and as rows of cells for a terminal. */
export interface Listing {
  readonly records: readonly object[];
  /** Cells; with headings in the first row where there are some. */
  readonly rows: readonly (readonly string[])[];
  /** What the reader should know beside, one sentence. */
  readonly note?: string;
}

/**
 * Rows of cells as lines: columns begin below each other, two spaces apart. Where that is wider than `width`
 * characters, the last columns are left out; of a first column wider than that, and of the last that is left, the end.
 */
export function alignColumns(rows: readonly (readonly string[])[], width = Infinity): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, one) => sum + one + 2, 0));
  // A column of which less than this could be shown says nothing.
  const LEAST = 12;
  const shown = starts.filter((start, i) => i === 0 || start + Math.min(widths[i], LEAST) <= width).length;
  return rows.map((row) => {
    const cells = row.slice(0, shown).map((cell, i) => cell.padEnd(widths[i] + 2));
    return shortened(cells.join('').trimEnd(), width);
  });
}

function shortened(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
