import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Message, RowLabel } from '../contracts/row.js';
import type { LoadedDataset } from '../data/index.js';
import { notWritable } from '../io/atomic-write.js';
import { makeFolder } from '../io/make-folder.js';
import type { Judgement, Scorer } from './scorer.js';

/** One line of the result file. */
export interface JudgedRow extends Judgement {
  readonly messages: readonly Message[];
  /** What the dataset says. */
  readonly label?: RowLabel;
}

export interface JudgeDatasetOptions {
  /** Rows that are worked on together. */
  readonly batchSize: number;
  /** jsonl file that lines are appended to in the order of the rows. */
  readonly output: string;
  /** Told of each line. */
  readonly onRow?: (row: JudgedRow, done: number, total: number) => void;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/** What a model that scores says of every row; returns how many lines were written. */
export async function judgeDataset(
  scorer: Scorer,
  datasets: readonly LoadedDataset[],
  { batchSize, output, onRow, signal }: JudgeDatasetOptions,
): Promise<number> {
  const rows = datasets.flatMap((dataset) => dataset.rows);
  makeFolder(dirname(output));
  let done = 0;
  for (let start = 0; start < rows.length && !signal?.aborted; start += batchSize) {
    const some = rows.slice(start, start + batchSize);
    const judged = await scorer.judgeRows(some);
    for (const [i, { row }] of some.entries()) {
      const { messages, label } = row;
      const line: JudgedRow = { messages, ...judged[i], ...(label !== undefined && { label }) };
      try {
        appendFileSync(output, `${JSON.stringify(line)}\n`);
      } catch (error) {
        throw notWritable(output, error);
      }
      onRow?.(line, ++done, rows.length);
    }
  }
  return done;
}
