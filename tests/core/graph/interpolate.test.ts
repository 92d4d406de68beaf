import { expect, test } from 'vitest';
import * as graph from '../../../core/graph/index.js';
import { valuesOf } from './run.js';

/** The numbers that the documentation of torch.nn.Upsample prints. */
test.each([
  ['nearest', [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]],
  ['bilinear', [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4]],
] as const)('%s is what PyTorch documents', async (mode, wanted) => {
  const x = graph.input([1, 1, 2, 2]);
  const y = graph.interpolate(x, [4, 4], mode);
  expect(await valuesOf([y], new Map([[x, [1, 2, 3, 4]]]))).toEqual([wanted]);
});
