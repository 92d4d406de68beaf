/** One measured configuration; what `--json` prints. */
export interface BenchRow {
  readonly name: string;
  readonly mode: string;
  readonly dtype: string;
  readonly batch: number;
  readonly seq: number;
  /** Median over the measured steps. */
  readonly step_ms: number;
  readonly tokens_per_s: number;
  /** Useful model FLOP/s over the matrix-product peak measured beside each step; absent without that peak. */
  readonly mfu?: number;
  /** Peak resident memory of the process, 10^9 bytes. */
  readonly rss_gb: number;
  /** Best rate of a matrix product in the same process; absent where the library offers none. */
  readonly gemm_gflops?: number;
}

/** Peak resident memory of this process, 10^9 bytes. */
export function peakMemory(): number {
  return (process.resourceUsage().maxRSS * 1024) / 1e9;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const COLUMNS = [
  'name',
  'mode',
  'dtype',
  'batch',
  'seq',
  'step_ms',
  'tokens_per_s',
  'mfu',
  'rss_gb',
  'gemm_gflops',
];

export function printTable(rows: readonly BenchRow[]): void {
  const cells = rows.map((row) => [
    ...[row.name, row.mode, row.dtype, String(row.batch), String(row.seq)],
    ...[row.step_ms.toFixed(0), row.tokens_per_s.toFixed(0), row.mfu?.toFixed(2) ?? '–'],
    ...[row.rss_gb.toFixed(2), row.gemm_gflops?.toFixed(0) ?? '–'],
  ]);
  console.log(markdownTable(COLUMNS, cells));
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
