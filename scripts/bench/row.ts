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
  /** Useful model FLOP/s over the matrix-product peak measured beside each step. */
  readonly mfu: number;
  /** Peak resident memory of the process, 10^9 bytes. */
  readonly rss_gb: number;
  readonly gemm_gflops: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function printTable(rows: readonly BenchRow[]): void {
  const cells = rows.map((row) => [
    ...[row.name, row.mode, row.dtype, String(row.batch), String(row.seq)],
    ...[row.step_ms.toFixed(0), row.tokens_per_s.toFixed(0), row.mfu.toFixed(2)],
    ...[row.rss_gb.toFixed(2), row.gemm_gflops.toFixed(0)],
  ]);
  const head = [
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
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  console.log([line(head), `|${head.map(() => '---|').join('')}`, ...cells.map(line)].join('\n'));
}
