import { DataReport } from './report.js';
import { splitRows } from './sampling.js';
import type { SeededRandom } from './random.js';
import type { LoadedDataset } from './source.js';

/**
 * Sets a share of a dataset's rows aside for validation; see splitRows. Rows that `#rows` took several times are
 * kept together by where they came from, so that no row is both learned and validated on.
 */
export function splitDataset(
  dataset: LoadedDataset,
  ratio: number,
  random: SeededRandom,
): { train: LoadedDataset; val: LoadedDataset } {
  const place = ({ origin }: LoadedDataset['rows'][number]): string => `${origin.file}:${origin.line}`;
  const places = [...new Set(dataset.rows.map(place))];
  const val = new Set(splitRows(places, ratio, random).val);
  const held = dataset.rows.filter((row) => val.has(place(row)));
  return {
    train: { ...dataset, rows: dataset.rows.filter((row) => !val.has(place(row))) },
    val: {
      ...dataset,
      name: `${dataset.name} (validation)`,
      rows: held,
      // What was dropped before is told of the rows that are learned, once.
      report: new DataReport(dataset.report.dataset, held.length),
    },
  };
}
