import { describe, expect, test } from 'vitest';
import { input, makeGraph, partSpecs, quantizedMatmul } from '../../core/graph/index.js';
import type { CausalLM } from '../../core/nn/index.js';
import { Together } from '../../parity/together.js';
import { backendOf, plugins } from '../../parity/cases.js';
import { largestDifference } from '../../parity/measure.js';
import { decodeDistance, decodeTolerance, drawnIds, fullLogits } from '../../parity/proof-decode.js';
import { EXACT_FORMATS, relativeDifference } from '../../parity/proof.js';
import { HEADS, PROOF_CONFIG, proofModel } from '../../parity/proof-model.js';

const backend = await backendOf('onnxruntime');
const { vocab_size: VOCAB } = PROOF_CONFIG;

/** Logits [B·V] after the prompts, and after each further token per row. */
async function decoded(
  model: CausalLM,
  prompts: readonly (readonly number[])[],
  further: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const engine = new Together(backend, model);
  try {
    const steps = [(await engine.start(prompts, further.length)).slice()];
    for (const tokens of further) steps.push((await engine.next(tokens)).slice());
    return steps;
  } finally {
    await engine.release();
  }
}

describe.each(HEADS)('%s head', (head) => {
  test.each(EXACT_FORMATS)('%s decodes as its dequantized weights compute', async (format) => {
    expect(await decodeDistance(format, head, backend)).toBeLessThanOrEqual(decodeTolerance(format));
  });

  test('a packed int8 head alone costs at most 1 %', async () => {
    const ids = drawnIds(20); // read in float32: only the head is packed
    const [start] = await decoded(await proofModel('int8', head), [ids], []);
    const whole = await fullLogits(await proofModel('int8', head), backend, ids);
    expect(relativeDifference(start, whole[19])).toBeLessThanOrEqual(0.01);
  });

  test('int4 is told apart from the weights it was made of', async () => {
    const ids = drawnIds(8);
    const [quantized, original] = [
      await fullLogits(await proofModel('int4-g32', head), backend, ids),
      await fullLogits(await proofModel('f32', head), backend, ids),
    ];
    const distance = relativeDifference(quantized[7], original[7]);
    expect(distance).toBeGreaterThan(decodeTolerance('int4-g32'));
  });
});

test.each(['f32', 'nf4-g64'] as const)(
  '%s: a prompt read in chunks is the prompt read at once',
  async (format) => {
    const ids = drawnIds(700); // more than one chunk of 512
    const [start, next] = await decoded(await proofModel(format, 'untied'), [ids], [[5]]);
    const whole = await fullLogits(await proofModel(format, 'untied'), backend, [...ids, 5]);
    expect(largestDifference(start, whole[699])).toBeLessThanOrEqual(1e-4);
    expect(largestDifference(next, whole[700])).toBeLessThanOrEqual(1e-4);
  },
);

test.each(['f32', 'int8', 'int4-g32'] as const)(
  '%s: eight prompts of several lengths together are each alone',
  async (format) => {
    const model = await proofModel(format, 'tied');
    const prompts = [3, 40, 17, 1, 33, 64, 600, 8].map(drawnIds);
    const further = [1, 2, 3].map((seed) => drawnIds(prompts.length, 100 + seed));
    const together = await decoded(model, prompts, further);
    for (const [row, prompt] of prompts.entries()) {
      const alone = await decoded(
        model,
        [prompt],
        further.map((tokens) => [tokens[row]]),
      );
      alone.forEach((logits, step) => {
        const own = together[step].subarray(row * VOCAB, (row + 1) * VOCAB);
        expect(largestDifference(logits, own), `row ${row}, step ${step}`).toBeLessThanOrEqual(1e-4);
      });
    }
  },
);

test.each([8, 4])('packed products of the largest %i-bit codes are not cut off', async (bits) => {
  const { instance } = await plugins().resolve('quantizer', 'rtn');
  const [rows, width] = [16, 128];
  for (const [value, weight] of [
    [1, 0.5],
    [-1, 0.5],
    [1, -0.5],
  ]) {
    const values = new Float32Array(rows * width).fill(weight);
    const options = { bits, quant_group_size: 32, largest_code: 127 };
    const stored = instance.quantize(values, [rows, width], options);
    const x = input([1, width]);
    const parts = partSpecs(stored).map(({ shape, dtype }) => input(shape, dtype));
    const graph = makeGraph([x, ...parts], [quantizedMatmul(x, parts, stored)]);
    const constants = new Map(parts.map((part, i) => [part, stored.parts[i]]));
    const run = await backend.compile(graph, { constants });
    const data = new Float32Array(width).fill(value);
    const [y] = await run.run([{ dtype: 'float32', shape: [1, width], data }]);
    const expected = new Float32Array(rows).fill(value * weight * width);
    expect(relativeDifference(y.data as Float32Array, expected)).toBeLessThanOrEqual(1e-3);
    await run.release();
  }
});
