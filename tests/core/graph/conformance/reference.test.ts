import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as ops from '../../../../core/graph/ops/index.js';
import type { Op } from '../../../../core/graph/index.js';
import { ReferenceBackend } from '../../../../plugins/backends/reference/index.js';
import { cachesLikeAttention } from '../../../../parity/ops/cached-attention.js';
import { cases } from '../../../../parity/ops/cases.js';
import { eachUse, expectClose } from '../../../../parity/ops/check.js';
import { slopes } from '../../../../parity/ops/finite-differences.js';
import { evaluate } from '../../../../parity/ops/oracle.js';
import { toValue } from '../../../../parity/ops/values.js';

const NOT_DIFFERENTIABLE = [
  'argmax',
  'cachedAttention',
  'cast',
  'constant',
  'dequantize',
  'equal',
  'greaterEqual',
];

const declared = Object.values(ops as Readonly<Record<string, unknown>>).filter(
  (value): value is Op => typeof value === 'object' && value !== null && 'infer' in value,
);

test('every op has a case', () => {
  expect(cases.map(({ op }) => op.name).sort()).toEqual(declared.map(({ name }) => name).sort());
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(declared));
});

test('every file of core/graph/ops is exported', () => {
  const files = readdirSync(new URL('../../../../core/graph/ops', import.meta.url));
  const helpers = ['index.ts', 'clamp.ts', 'full.ts', 'sort.ts'];
  expect(declared).toHaveLength(files.filter((file) => !helpers.includes(file)).length);
});

test('an op without a derivative says so', () => {
  const without = declared.filter(({ vjp }) => vjp === undefined).map(({ name }) => name);
  expect(without.sort()).toEqual(NOT_DIFFERENTIABLE);
});

const backend = new ReferenceBackend();

cachesLikeAttention('reference', backend);

describe('reference computes what each op is defined to be', () => {
  test.each(cases.map((opCase) => [opCase.op.name, opCase] as const))('%s', async (_, opCase) => {
    await eachUse(opCase, 25, async (use) => {
      const results = await use.run(backend);
      evaluate(use.forward, use.sample.inputs.map(toValue)).forEach((wanted, i) =>
        expectClose(`output ${i}`, results[i], wanted, 1e-5),
      );
    });
  });
});

describe('the VJP is the derivative', () => {
  const differentiable = cases.filter(({ op }) => op.vjp !== undefined);
  test.each(differentiable.map((opCase) => [opCase.op.name, opCase] as const))('%s', async (_, opCase) => {
    await eachUse(opCase, 25, async (use) => {
      const gradients = (await use.run(backend)).slice(use.forward.outputs.length);
      for (const { directions, slope } of slopes(use)) {
        const terms = gradients.flatMap(({ data }, i) => Array.from(data, (g, j) => g * directions[i][j]));
        const along = terms.reduce((sum, term) => sum + term, 0);
        const scale = terms.reduce((sum, term) => sum + Math.abs(term), 1);
        if (!(Math.abs(along - slope) <= 2e-5 * scale)) {
          throw new Error(`the gradient says ${along} along a direction where the slope is ${slope}`);
        }
      }
    });
  });
});
