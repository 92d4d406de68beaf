import { expect, test } from 'vitest';
import { anchorOf } from '../../../core/processor/anchor-images.js';
import { fixture, readJson } from '../../../parity/cases.js';

test('pictures are cut to the shapes that the authors choose', () => {
  const sizes = readJson<readonly (readonly number[])[]>(fixture('multimodal', 'anchors.json'));
  for (const [width, height, ...shape] of sizes)
    expect([width, height, ...anchorOf({ width, height }, 384)]).toEqual([width, height, ...shape]);
});
