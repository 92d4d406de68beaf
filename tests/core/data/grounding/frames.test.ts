import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rounded, scaled, steps } from '../../../../core/data/grounding/frames.js';

/** scripts/fixtures/grounding.py wrote them. */
const NUMBERS = JSON.parse(
  readFileSync(new URL('../../../fixtures/grounding/numbers.json', import.meta.url), 'utf8'),
) as (readonly [value: number, side: number, nearest: number, below: number])[];

describe('whole numbers are those of Python', () => {
  const said = (value: number, side: number, most: number, rounding: 'nearest' | 'below'): number => {
    const edges = { width: most, height: most };
    const place = scaled([value, value], { width: side, height: side }, edges);
    return rounded(place, steps(most, rounding), edges)[0];
  };

  test('rounded to the nearest of 1000', () => {
    expect(NUMBERS.map(([value, side]) => said(value, side, 1000, 'nearest'))).toEqual(
      NUMBERS.map(([, , one]) => one),
    );
  });

  test('cut off, of 999', () => {
    expect(NUMBERS.map(([value, side]) => said(value, side, 999, 'below'))).toEqual(
      NUMBERS.map(([, , , one]) => one),
    );
  });
});
