import { describe, expect, test } from 'vitest';
import * as graph from '../../../core/graph/index.js';
import { input as f } from '../../../core/graph/index.js';

const i = (...shape: number[]) => f(shape, 'int32');
const b = (...shape: number[]) => f(shape, 'bool');
const u = (...shape: number[]) => f(shape, 'uint8');
const heads = { heads: 2, kvHeads: 1, scale: 1 };
const causal = { ...heads, causal: true };
const cached = (change: Partial<Parameters<typeof graph.cachedAttention>[0]>) => () =>
  graph.cachedAttention(
    {
      q: f([2, 1, 8]),
      k: f([2, 1, 4]),
      v: f([2, 1, 4]),
      cachedK: f([2, 1, 6, 4]),
      cachedV: f([2, 1, 6, 4]),
      past: i(2),
      ...change,
    },
    heads,
  );

const scan = (change: Partial<graph.SelectiveScanOperands>) => () =>
  graph.selectiveScan({
    x: f([2, 7, 3]),
    delta: f([2, 7, 3]),
    a: f([3, 4]),
    b: f([2, 7, 4]),
    c: f([2, 7, 4]),
    d: f([3]),
    state: f([2, 3, 4]),
    ...change,
  });
const duality = (change: Partial<graph.SsdOperands>) => () =>
  graph.ssd({
    x: f([2, 7, 4, 3]),
    delta: f([2, 7, 4]),
    a: f([4]),
    b: f([2, 7, 2, 5]),
    c: f([2, 7, 2, 5]),
    d: f([4]),
    state: f([2, 4, 3, 5]),
    ...change,
  });

/** Op, the misuse, and what the message shows of it. */
const misuses: readonly (readonly [string, () => unknown, string])[] = [
  ...(['add', 'sub', 'mul', 'div'] as const).flatMap((name) => [
    [name, () => graph[name](f([2, 3]), f([4, 3])), 'float32[2, 3] and float32[4, 3]'] as const,
    [name, () => graph[name](f([2]), i(2)), 'float32[2] and int32[2]'] as const,
    [name, () => graph[name](b(2), b(2)), 'bool[2]'] as const,
  ]),
  ...(
    ['exp', 'sin', 'cos', 'log', 'sqrt', 'sigmoid', 'silu', 'tanh', 'erf', 'softmax', 'logSumExp'] as const
  ).map((name) => [name, () => graph[name](i(2, 3)), 'int32[2, 3]'] as const),
  ['neg', () => graph.neg(b(2)), 'bool[2]'],
  ['softmax', () => graph.softmax(f([])), 'float32[]'],
  ['logSumExp', () => graph.logSumExp(f([])), 'float32[]'],
  ['equal', () => graph.equal(f([2]), i(2)), 'float32[2] and int32[2]'],
  ['equal', () => graph.equal(f([2]), f([3])), 'float32[2] and float32[3]'],
  ['greaterEqual', () => graph.greaterEqual(f([2]), f([3])), 'float32[2] and float32[3]'],
  ['greaterEqual', () => graph.greaterEqual(b(2), b(2)), 'bool[2]'],
  ['where', () => graph.where(f([2]), f([2]), f([2])), 'float32[2] and float32[2]'],
  ['where', () => graph.where(b(2), f([2]), i(2)), 'int32[2]'],
  ['where', () => graph.where(b(3), f([2]), f([2])), 'bool[3]'],
  ['expand', () => graph.expand(f([2]), [3]), 'float32[2]'],
  ['expand', () => graph.expand(f([2, 3]), [3]), 'float32[2, 3]'],
  ['reshape', () => graph.reshape(f([2, 3]), [5]), 'float32[2, 3]'],
  ['transpose', () => graph.transpose(f([2, 3]), [1, 0, 2]), 'float32[2, 3]'],
  ['transpose', () => graph.transpose(f([2, 3, 4]), [0, 1]), 'float32[2, 3, 4]'],
  ['transpose', () => graph.transpose(f([2, 3]), [0, 0]), 'float32[2, 3]'],
  ['transpose', () => graph.transpose(f([2, 3]), [0, 2]), 'float32[2, 3]'],
  ['slice', () => graph.slice(f([4]), 0, 1, 5), 'float32[4]'],
  ['slice', () => graph.slice(f([4]), 0, -1, 3), 'float32[4]'],
  ['slice', () => graph.slice(f([4]), 0, 2, 2), 'float32[4]'],
  ['slice', () => graph.slice(f([4]), 1, 0, 1), 'float32[4]'],
  ['concat', () => graph.concat([f([2, 3]), f([2, 4])], 0), 'float32[2, 3] and float32[2, 4]'],
  ['concat', () => graph.concat([f([2]), i(2)], 0), 'float32[2] and int32[2]'],
  ['concat', () => graph.concat([f([2]), f([2])], 1), 'float32[2] and float32[2]'],
  ['gather', () => graph.gather(f([4, 2]), f([3])), 'float32[4, 2] and float32[3]'],
  ['gather', () => graph.gather(f([]), i(3)), 'float32[] and int32[3]'],
  ['scatterAdd', () => graph.scatterAdd(i(3), f([4, 2]), 5), 'int32[3] and float32[4, 2]'],
  ['scatterAdd', () => graph.scatterAdd(f([4]), f([4, 2]), 5), 'float32[4] and float32[4, 2]'],
  ['constant', () => graph.constant([1, 2], [3]), '2 values for shape [3]'],
  ...(['reduceSum', 'reduceMax', 'reduceMean'] as const).flatMap((name) => [
    [name, () => graph[name](f([2, 3]), [2]), 'float32[2, 3]'] as const,
    [name, () => graph[name](f([2, 3]), [1, -1]), 'float32[2, 3]'] as const,
    [name, () => graph[name](b(2, 3), [0]), 'bool[2, 3]'] as const,
  ]),
  ['reduceMean', () => graph.reduceMean(i(2, 3), [0]), 'int32[2, 3]'],
  ['matmul', () => graph.matmul(f([2, 3]), f([4, 5])), 'float32[2, 3] and float32[4, 5]'],
  ['matmul', () => graph.matmul(f([2, 3]), f([3, 5]), { transB: true }), 'float32[3, 5]'],
  ['matmul', () => graph.matmul(f([2, 2, 3]), f([4, 3, 5])), 'float32[2, 2, 3] and float32[4, 3, 5]'],
  ['matmul', () => graph.matmul(f([3]), f([3]), { transB: true }), 'float32[3] and float32[3]'],
  ['matmul', () => graph.matmul(i(2, 3), i(3, 5)), 'int32[2, 3] and int32[3, 5]'],
  ['addmm', () => graph.addmm(f([3]), f([2, 3]), f([3, 4])), 'float32[3]'],
  ['addmm', () => graph.addmm(f([4]), f([2, 3]), f([2, 4])), 'float32[2, 3]'],
  ['addmm', () => graph.addmm(f([4]), f([1, 2, 3]), f([1, 3, 4])), 'float32[1, 2, 3]'],
  ['addmm', () => graph.addmm(i(4), f([2, 3]), f([3, 4])), 'int32[4]'],
  ['dropout', () => graph.dropout(f([2, 3]), u(2), 0.1), 'float32[2, 3] and uint8[2]'],
  ['dropout', () => graph.dropout(f([2, 3]), b(2, 3), 0.1), 'bool[2, 3]'],
  ['rmsNorm', () => graph.rmsNorm(f([2, 3]), f([2]), 1e-5), 'float32[2, 3] and float32[2]'],
  ['rmsNorm', () => graph.rmsNorm(i(2, 3), f([3]), 1e-5), 'int32[2, 3]'],
  ['rope', () => graph.rope(f([1, 2, 8]), f([9, 3]), f([9, 3]), i(1, 2), { heads: 2 }), 'float32[9, 3]'],
  ['rope', () => graph.rope(f([1, 2, 8]), f([9, 2]), f([9, 1]), i(1, 2), { heads: 2 }), 'float32[9, 1]'],
  ['rope', () => graph.rope(f([3, 2, 8]), f([9, 2]), f([9, 2]), i(1, 2), { heads: 2 }), 'int32[1, 2]'],
  ['rope', () => graph.rope(f([1, 2, 8]), f([9, 2]), f([9, 2]), f([1, 2]), { heads: 2 }), 'float32[1, 2]'],
  ['linearCrossEntropy', () => graph.linearCrossEntropy(f([2, 3]), f([7, 4]), i(2)), 'float32[7, 4]'],
  ['linearCrossEntropy', () => graph.linearCrossEntropy(f([2, 3]), f([7, 3]), i(3)), 'int32[3]'],
  ['linearCrossEntropy', () => graph.linearCrossEntropy(f([2, 3]), f([7, 3]), f([2])), 'float32[2]'],
  [
    'attention',
    () => graph.attention(f([1, 3, 8]), f([1, 3, 6]), f([1, 3, 4]), f([3, 3]), causal),
    '[1, 3, 6]',
  ],
  [
    'attention',
    () => graph.attention(f([1, 3, 8]), f([1, 3, 4]), f([1, 2, 4]), f([3, 3]), causal),
    '[1, 2, 4]',
  ],
  [
    'attention',
    () => graph.attention(f([1, 3, 8]), f([2, 3, 4]), f([2, 3, 4]), f([3, 3]), causal),
    '[2, 3, 4]',
  ],
  ['attention', () => graph.attention(f([1, 3, 8]), f([1, 3, 4]), f([1, 3, 4]), f([3, 4]), causal), '[3, 4]'],
  [
    'attention',
    () => graph.attention(f([2, 3, 8]), f([2, 3, 4]), f([2, 3, 4]), f([1, 3, 3]), causal),
    '[1, 3, 3]',
  ],
  [
    'attention',
    () => graph.attention(f([1, 3, 8]), f([1, 2, 4]), f([1, 2, 4]), f([3, 2]), causal),
    '[1, 2, 4]',
  ],
  ['cachedAttention', cached({ past: f([2]) }), 'float32[2]'],
  ['cachedAttention', cached({ past: i(1) }), 'int32[1]'],
  ['cachedAttention', cached({ cachedK: f([2, 1, 6, 3]) }), 'float32[2, 1, 6, 3]'],
  ['cachedAttention', cached({ cachedV: f([2, 1, 5, 4]) }), 'float32[2, 1, 5, 4]'],
  ['cachedAttention', cached({ v: f([2, 2, 4]) }), 'float32[2, 2, 4]'],
  ['cachedAttention', cached({ k: f([1, 1, 4]), v: f([1, 1, 4]) }), 'float32[1, 1, 4]'],
  ...(['relu', 'gelu', 'quickGelu', 'softplus'] as const).map(
    (name) => [name, () => graph[name](i(2, 3)), 'int32[2, 3]'] as const,
  ),
  ['softcap', () => graph.softcap(i(2, 3), 30), 'int32[2, 3]'],
  ['topK', () => graph.topK(f([2, 3]), 4), 'float32[2, 3]'],
  ['topK', () => graph.topK(f([2, 3]), 0), 'float32[2, 3]'],
  ['topK', () => graph.sort(b(2, 3)), 'bool[2, 3]'],
  ['argmax', () => graph.argmax(f([])), 'float32[]'],
  ['cumsum', () => graph.cumsum(f([2, 3]), 2), 'float32[2, 3]'],
  ['cumsum', () => graph.cumsum(u(3), 0), 'uint8[3]'],
  ['takeAlong', () => graph.takeAlong(f([2, 3]), i(3, 1)), 'float32[2, 3] and int32[3, 1]'],
  ['takeAlong', () => graph.takeAlong(f([2, 3]), f([2, 1])), 'float32[2, 3] and float32[2, 1]'],
  ['gatherNd', () => graph.gatherNd(f([2, 3]), i(4, 3)), 'float32[2, 3] and int32[4, 3]'],
  ['pad', () => graph.pad(f([2, 3]), [1], [0]), 'float32[2, 3]'],
  ['pad', () => graph.pad(f([2]), [-1], [0]), 'float32[2]'],
  ['convolution', () => graph.conv1d(f([2, 3, 8]), f([4, 2, 3])), 'float32[2, 3, 8] and float32[4, 2, 3]'],
  ['convolution', () => graph.conv1d(f([2, 3, 2]), f([4, 3, 3])), 'float32[2, 3, 2] and float32[4, 3, 3]'],
  ['convolution', () => graph.conv2d(f([2, 3, 8]), f([4, 3, 3, 3])), 'float32[2, 3, 8]'],
  [
    'convolution',
    () => graph.conv2d(f([2, 4, 8, 8]), f([3, 2, 3, 3]), undefined, { groups: 2 }),
    '[3, 2, 3, 3]',
  ],
  ['convolution', () => graph.conv2d(f([2, 3, 8, 8]), f([4, 3, 3, 3]), f([3])), 'float32[3]'],
  ['convTranspose', () => graph.convTranspose1d(f([2, 3, 8]), f([4, 3, 3])), 'float32[4, 3, 3]'],
  [
    'convTranspose',
    () => graph.convTranspose1d(f([2, 3, 8]), f([3, 4, 3]), undefined, { stride: 2, outputPadding: 2 }),
    'float32[2, 3, 8]',
  ],
  [
    'convolutionWeight',
    () => {
      const window = { kernel: [3], stride: [1], padding: [0], dilation: [1] };
      graph.convolutionWeight(f([2, 3, 8]), f([2, 4, 7]), window, 1);
    },
    'float32[2, 3, 8] and float32[2, 4, 7]',
  ],
  ['maxPool', () => graph.maxPool2d(f([1, 2, 3]), 2), 'float32[1, 2, 3]'],
  ['maxPool', () => graph.maxPool2d(f([1, 2, 4, 4]), 2, { padding: 2 }), 'float32[1, 2, 4, 4]'],
  ['avgPool', () => graph.avgPool1d(f([1, 2, 3]), 4), 'float32[1, 2, 3]'],
  ['interpolate', () => graph.interpolate(f([1, 2, 3]), [4, 4]), 'float32[1, 2, 3]'],
  ['interpolate', () => graph.interpolate(f([1, 2, 3, 3]), [4]), 'float32[1, 2, 3, 3]'],
  ['layerNorm', () => graph.layerNorm(f([2, 3]), { weight: f([2]) }, 1e-5), 'float32[2]'],
  ['groupNorm', () => graph.groupNorm(f([2, 4, 5]), 3, {}, 1e-5), 'float32[2, 4, 5]'],
  ['groupNorm', () => graph.groupNorm(f([2, 4, 5]), 2, { bias: f([5]) }, 1e-5), 'float32[5]'],
  ['groupedMatmul', () => graph.groupedMatmul(f([6, 3]), i(2), [f([4, 5]), f([4, 5])]), 'float32[4, 5]'],
  ['groupedMatmul', () => graph.groupedMatmul(f([6, 3]), i(3), [f([4, 3]), f([4, 3])]), 'int32[3]'],
  ['groupedOuter', () => graph.groupedOuter(f([6, 3]), f([5, 3]), i(2)), 'float32[6, 3] and float32[5, 3]'],
  ['selectiveScan', scan({ delta: f([2, 7, 1]) }), 'float32[2, 7, 1]'],
  ['selectiveScan', scan({ state: f([2, 3, 5]) }), 'float32[2, 3, 5]'],
  ['ssd', duality({ a: f([3]) }), 'float32[3]'],
  ['ssd', duality({ b: f([2, 7, 3, 5]), c: f([2, 7, 3, 5]) }), 'float32[2, 7, 3, 5]'],
];

describe('a misuse names the op and the shapes', () => {
  test.each(misuses.map(([op, use, shown], at) => [`${op} #${at}: ${shown}`, op, use, shown] as const))(
    '%s',
    (_, op, use, shown) => {
      expect(use).toThrow(Error);
      const message = (() => {
        try {
          use();
        } catch (error) {
          return (error as Error).message;
        }
        return '';
      })();
      expect(message).toMatch(new RegExp(`^${op}\\b`));
      expect(message).toContain(shown);
    },
  );
});

test('broadcasting says what it could not match', () => {
  expect(() => graph.broadcast('blend', f([2, 3]), f([2]))).toThrow(
    'blend: expected shapes that broadcast, got float32[2, 3] and float32[2]',
  );
});
