import { expect, test } from 'vitest';
import { causalMask, packedMask, type PackedMaskOptions } from '../../../core/runtime/attention-mask.js';

/** Which keys each query sees: `x` seen, `.` hidden. */
function seen({ data, shape }: ReturnType<typeof packedMask>): string[] {
  const length = shape.at(-1)!;
  const cells = Array.from(data as Float32Array, (value) => (value === 0 ? 'x' : '.'));
  return Array.from({ length: cells.length / length }, (_, row) =>
    cells.slice(row * length, (row + 1) * length).join(''),
  );
}

const packed = (ids: readonly number[], options?: PackedMaskOptions): string[] =>
  seen(packedMask(Int32Array.from(ids), 1, ids.length, options));

test('earlier positions, of a window too', () => {
  expect(seen(causalMask(3))).toEqual(['x..', 'xx.', 'xxx']);
  expect(seen(causalMask(3, { window: 2 }))).toEqual(['x..', 'xx.', '.xx']);
  expect(seen(causalMask(4, { chunk: 2 }))).toEqual(['x...', 'xx..', '..x.', '..xx']);
});

test('earlier positions of a sample', () => {
  expect(packed([1, 1, 2, 2, 0])).toEqual(['x....', 'xx...', '..x..', '..xx.', '....x']);
});

test('all positions of a sample, and neither other samples nor padding', () => {
  expect(packed([1, 1, 2, 2, 2, 0], { bidirectional: true })).toEqual([
    'xx....',
    'xx....',
    '..xxx.',
    '..xxx.',
    '..xxx.',
    '.....x',
  ]);
});

test('a window reaches as far to both sides', () => {
  expect(packed([1, 1, 1, 1, 0], { bidirectional: true, window: 2 })).toEqual([
    'xx...',
    'xxx..',
    '.xxx.',
    '..xx.',
    '....x',
  ]);
});

test('rows have windows of their own', () => {
  const mask = packedMask(Int32Array.of(1, 1, 0, 1, 1, 1), 2, 3, { bidirectional: true });
  expect(seen(mask)).toEqual(['xx.', 'xx.', '..x', 'xxx', 'xxx', 'xxx']);
});
