import { expect, test } from 'vitest';
import { packRows, unpackRows } from '../../../core/data/packed-rows.js';
import type { RowOutcome } from '../../../core/data/row-encoder.js';
import type { LoadedRow } from '../../../core/data/source.js';

test('what is unpacked is what was packed: ids, labels, weights, and whether an answer is good', () => {
  const sequence = (...ids: number[]) => ({
    input_ids: Int32Array.from(ids),
    labels: Int32Array.from(ids, (id) => (id > 2 ? id : -100)),
  });
  const outcomes: readonly RowOutcome[] = [
    { kind: 'sample', sample: { ...sequence(1, 2, 3), label: false }, truncated: false },
    { kind: 'dropped', reason: 'empty' },
    {
      kind: 'sample',
      sample: { ...sequence(4, 5), label: true, partners: [{ ...sequence(6), label: false }] },
      truncated: true,
    },
    { kind: 'sample', sample: { ...sequence(1, 7), loss_scale: [1, 0.5] }, truncated: false },
  ];
  const rows = outcomes.map((): LoadedRow => ({ row: { messages: [] }, origin: { file: 'f', line: 1 } }));
  expect(unpackRows(structuredClone(packRows(outcomes)), rows)).toEqual(outcomes);
});
