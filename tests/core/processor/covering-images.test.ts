import { expect, test } from 'vitest';
import { coveringGrid } from '../../../core/processor/covering-images.js';
import { fixture, readJson } from '../../../parity/cases.js';

type Covered = readonly [height: number, width: number, rows: number, columns: number];

test('pictures are cut into the parts that Transformers chooses for Ovis 2', () => {
  for (const [height, width, ...parts] of readJson<Covered[]>(fixture('multimodal', 'coverings.json')))
    expect(coveringGrid({ width, height }, { size: 448, max_tiles: 9 }), `${height} × ${width}`).toEqual(
      parts,
    );
});
