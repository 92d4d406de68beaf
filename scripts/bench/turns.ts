/** This version beside another checkout of the repository, by turns, so that what else the machine does falls on both. */
import { join } from 'node:path';
import { median, markdownTable, type BenchRow } from './row.js';
import { runOne, type Bench } from './run-one.js';

export interface TurnsRow {
  readonly row: BenchRow;
  /** Medians. */
  readonly step_ms: number;
  readonly other_ms: number;
  /** Median of the ratios of neighbours; above 1 where this version is slower. */
  readonly ratio: number;
  /** Smallest and largest of these ratios: how far the machine can be trusted. */
  readonly spread: readonly [number, number];
  /** Peak memory beside the other's, medians, 10^9 bytes. */
  readonly rss_gb: number;
  readonly other_rss_gb: number;
}

/** @param other folder of a checkout that is built and knows the same rows @param turns odd ones begin with this version */
export function benchTurns(benches: readonly Bench[], other: string, turns: number): readonly TurnsRow[] {
  const there = join(other, 'dist/scripts/bench/main.js');
  const found = benches.map(() => [] as { readonly own: BenchRow; readonly its: BenchRow }[]);
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, bench] of benches.entries()) {
      const first = turn % 2 === 0 ? runOne(bench) : undefined;
      const its = runOne(bench, there);
      found[i].push({ own: first ?? runOne(bench), its });
    }
  }
  return found.map((pairs) => {
    const of = (value: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(value));
    const ratios = pairs.map(({ own, its }) => own.step_ms / its.step_ms);
    return {
      row: pairs[0].own,
      step_ms: of(({ own }) => own.step_ms),
      other_ms: of(({ its }) => its.step_ms),
      ratio: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)],
      rss_gb: of(({ own }) => own.rss_gb),
      other_rss_gb: of(({ its }) => its.rss_gb),
    };
  });
}

export function printTurns(rows: readonly TurnsRow[]): void {
  const head = [
    'name',
    'mode',
    'dtype',
    'batch',
    'seq',
    'step_ms',
    'other_ms',
    'ratio',
    'spread',
    'rss_gb',
    'other',
  ];
  const cells = rows.map(({ row, step_ms, other_ms, ratio, spread, rss_gb, other_rss_gb }) => [
    ...[
      row.name,
      row.mode,
      row.dtype,
      String(row.batch),
      String(row.seq),
      step_ms.toFixed(0),
      other_ms.toFixed(0),
    ],
    ...[
      ratio.toFixed(3),
      spread.map((one) => one.toFixed(2)).join('–'),
      rss_gb.toFixed(2),
      other_rss_gb.toFixed(2),
    ],
  ]);
  console.log(markdownTable(head, cells));
}
