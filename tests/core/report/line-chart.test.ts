import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineChart, smooth } from '../../../core/report/line-chart.js';

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
const lines = (svg: string) =>
  [...svg.matchAll(/points="([^"]*)"/g)].map(([, points]) =>
    points.split(' ').map((pair) => pair.split(',').map(Number)),
  );

test('raw and smoothed curve between axes with ticks', () => {
  const x = Array.from({ length: 100 }, (_, i) => i + 1);
  const svg = lineChart({ name: 'train/loss', x, y: x.map((step) => 3 / Math.sqrt(step)), smoothed: true });
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['train/loss', '0.0', '0.5', '3.0', '20', '100', 'step', 'raw', 'smoothed 0.9']),
  );
  const [raw, smoothed] = lines(svg);
  expect(raw).toHaveLength(100);
  expect(smoothed).toHaveLength(100);
  expect(raw[0]).toEqual([76, 40]); // the highest value on the highest tick
  expect(smoothed[99][1]).toBeLessThan(raw[99][1]); // lags behind, so higher on the page
});

test('smoothing keeps a constant and starts at the first value', () => {
  expect(smooth([4, 4, 4]).map((value) => Math.round(value * 1e9) / 1e9)).toEqual([4, 4, 4]);
  expect(smooth([1, 0])).toEqual([1, 0.9 / 1.9]);
});

test('names are escaped, values that are not finite left out, few points drawn', () => {
  const svg = lineChart({ name: 'a<b & "c"', x: [1, 2, 3], y: [1, NaN, 2], smoothed: true });
  expect(svg).toContain('<title>a&lt;b &amp; &quot;c&quot;</title>');
  expect(lines(svg)[0]).toHaveLength(2);
  expect(lineChart({ name: 'one', x: [5], y: [0], smoothed: true })).toContain('<circle');
  expect(lineChart({ name: 'none', x: [], y: [], smoothed: true })).toContain('</svg>');
});

test.each([
  [-5e-324, 5e-324],
  [0, -2.5e-323],
  [3e-300, 3e-300],
  [1e12, 1e12 + 1e-3],
])('values that hardly differ, %d and %d, are drawn', (...y) => {
  expect(lineChart({ name: 'y', x: [0, 1], y, smoothed: true })).not.toMatch(/NaN|Infinity/);
});

test('any values stay on the page', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e12, max: 1e12 }), { maxLength: 30 }), (y) => {
      const svg = lineChart({ name: 'y', x: y.map((_, i) => i), y, smoothed: true });
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      for (const [px, py] of lines(svg).flat()) {
        expect(px >= 76 && px <= 780 && py >= 39.9 && py <= 400.1).toBe(true);
      }
    }),
  );
});

test('a schedule is not smoothed; evaluation stands beside training', () => {
  const plain = lineChart({ name: 'train/learning_rate', x: [1, 2], y: [1, 0], smoothed: false });
  expect(lines(plain)).toHaveLength(1);
  expect(texts(plain)).not.toContain('raw');
  const beside = { name: 'eval/loss', x: [2, 4], y: [3, 2] };
  const both = lineChart({ name: 'train/loss', x: [1, 2, 3], y: [4, 3, 1], smoothed: true, beside });
  expect(lines(both).map((line) => line.length)).toEqual([3, 3, 2]);
  expect(lines(both)[2][1][0]).toBe(780); // the last step of both is the right end
  expect(texts(both)).toEqual(expect.arrayContaining(['raw', 'smoothed 0.9', 'eval/loss']));
});
