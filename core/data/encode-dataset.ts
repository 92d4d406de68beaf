/** Rows of datasets into one list of samples. */
import type { Sample } from '../contracts/template.js';
import { encodedPieces, type Encoding } from './encoding.js';
import { DataReport } from './report.js';
import type { RowEncoder } from './row-encoder.js';
import { emptyDataset } from './source.js';
import type { LoadedDataset } from './source.js';

/** Samples in memory. */
export interface SampleSet {
  readonly samples: readonly Sample[];
  /** Of each sample, the number of its row among `rows` rows, ascending. Absent: every row gave one. */
  readonly places?: readonly number[];
  readonly rows?: number;
}

export interface EncodedDataset extends Required<SampleSet> {
  /** One for each dataset, in order. Rows taken twice by `#rows` count twice as kept. */
  readonly reports: readonly DataReport[];
}

/**
 * Encodes rows of one or several datasets into one list of samples, dataset after dataset (the data plan mixes them).
 * Each report goes on from that of loading, so it tells of every row read.
 *
 * @param encoding makes the outcomes that `encoder` settles
 * @throws SwiftError BAD_TEMPLATE with `file:line` for a row the template cannot say; EMPTY_DATASET when none is left.
 */
export async function encodeDataset(
  datasets: readonly LoadedDataset[],
  encoder: RowEncoder,
  encoding: Encoding,
): Promise<EncodedDataset> {
  const samples: Sample[] = [];
  const places: number[] = [];
  const reports: DataReport[] = [];
  let place = 0;
  for (const dataset of datasets) {
    const report = continued(dataset.report);
    reports.push(report);
    report.taken = dataset.rows.length;
    for await (const piece of encodedPieces(dataset.rows, encoding)) {
      for (const [row, outcome] of piece) {
        const sample = encoder.settle(row, outcome, report);
        if (sample) {
          samples.push(sample);
          places.push(place);
        }
        place++;
      }
    }
  }
  if (samples.length === 0) throw emptyDataset(reports);
  return { samples, places, rows: place, reports };
}

function continued(loading: DataReport): DataReport {
  const report = new DataReport(loading.dataset);
  report.read = loading.read;
  for (const [reason, count] of loading.dropped) report.dropped.set(reason, count);
  for (const [field, count] of loading.unused) report.unused.set(field, count);
  report.examples.push(...loading.examples);
  return report;
}
