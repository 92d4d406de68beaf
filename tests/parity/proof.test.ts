import * as ort from 'onnxruntime-node';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { SeededRandom } from '../../core/data/random.js';
import { isInt8 } from '../../core/graph/index.js';
import { Linear, type CausalLM } from '../../core/nn/index.js';
import { peersFolder } from '../extras/peers.js';
import { backendOf } from '../../parity/cases.js';
import { batchOf, gradientsOf, supervisedCount } from '../../parity/compute.js';
import {
  EXACT_FORMATS,
  POLICIES,
  PROOF,
  PROOF_TOLERANCE,
  proofDistances,
  proofGradients,
  W8A8_COSINE,
} from '../../parity/proof.js';
import {
  fullProof,
  HEADS,
  loraProof,
  PROOF_CONFIG,
  PROOF_FORMATS,
  valuesHash,
  type ProofFormat,
} from '../../parity/proof-model.js';

vi.stubEnv('SWIFT_PEERS', peersFolder);
vi.stubEnv('SWIFT_TFJS', 'wasm');
const onnxruntime = await backendOf('onnxruntime');
const reference = await backendOf('reference');
const tfjs = await backendOf('tfjs');

async function expectProven(
  computed: Promise<Awaited<ReturnType<typeof proofGradients>>>,
  id: Parameters<typeof proofDistances>[1],
) {
  const { loss, gradients } = await proofDistances(await computed, id);
  expect(loss).toBeLessThanOrEqual(PROOF_TOLERANCE.loss);
  expect(gradients).toBeLessThanOrEqual(PROOF_TOLERANCE.gradients);
}

describe.each(HEADS)('%s head: loss and gradients equal those of PyTorch', (head) => {
  describe.each(POLICIES)('residuals: %s', (residuals) => {
    test('all parameters', async () => {
      await expectProven(proofGradients(await fullProof(head), onnxruntime, { residuals }), `full-${head}`);
    });

    test.each(EXACT_FORMATS)('LoRA on %s', async (format) => {
      const model = await loraProof(format, head);
      await expectProven(proofGradients(model, onnxruntime, { residuals }), `${format}-${head}`);
    });
  });

  test.each([
    ['reference', reference],
    ['tfjs on wasm', tfjs],
  ])('on %s', async (_, backend) => {
    const residuals = 'save' as const;
    await expectProven(proofGradients(await fullProof(head), backend, { residuals }), `full-${head}`);
    for (const format of ['f32', 'bf16', 'int4-g32'] as const) {
      const model = await loraProof(format, head);
      await expectProven(proofGradients(model, backend, { residuals }), `${format}-${head}`);
    }
  });

  test.each(Object.keys(PROOF_FORMATS) as ProofFormat[])(
    '%s holds the values that PyTorch differentiated',
    async (format) => {
      expect(valuesHash(await loraProof(format, head))).toBe(PROOF.cases[`${format}-${head}`].values);
    },
  );
});

describe('8-bit products', () => {
  test('give gradients in the direction of the exact ones', async () => {
    for (const head of HEADS) {
      const model = await loraProof('int8-w8a8', head);
      const computed = await proofGradients(model, onnxruntime, { residuals: 'save', precision: 'int8' });
      const { cosine, gradients } = await proofDistances(computed, `int8-w8a8-${head}`);
      expect(cosine).toBeGreaterThan(W8A8_COSINE);
      expect(gradients, 'products are not computed in float32').toBeGreaterThan(PROOF_TOLERANCE.gradients);
    }
  });

  test('have weights with codes up to 64, others up to 127', async () => {
    expect(largestCode(await loraProof('int8-w8a8', 'tied'))).toBe(64);
    expect(largestCode(await loraProof('int8', 'tied'))).toBe(127);
  });
});

function largestCode(model: CausalLM): number {
  const linears = model.blocks.flatMap((block) => [...block.namedModules()].map(([, module]) => module));
  const codes = linears.flatMap((module) =>
    module instanceof Linear && isInt8(module.weight.format) ? [...module.weight.weight.parts[0].data] : [],
  );
  return codes.reduce((largest, code) => Math.max(largest, Math.abs(code)), 0);
}

/** Long enough that every product of the model is worth dividing among threads. */
function longStep() {
  const random = SeededRandom.seeded(5);
  const samples = [1, 2].map(() => {
    const input_ids = Array.from({ length: 256 }, () => random.below(PROOF_CONFIG.vocab_size));
    return { input_ids, labels: input_ids };
  });
  return { batches: [batchOf(samples)], supervised: supervisedCount(samples) };
}

describe('no bit depends on', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each(['f32', 'int4-g32', 'nf4-g64'] as const)(
    'the residual policy or the run: LoRA on %s',
    async (format) => {
      const model = await loraProof(format, 'untied');
      const first = await gradientsOf(model, onnxruntime, { ...longStep(), residuals: 'save' });
      for (const residuals of POLICIES) {
        expect(await gradientsOf(model, onnxruntime, { ...longStep(), residuals })).toEqual(first);
      }
    },
  );

  test.each(['full', ...EXACT_FORMATS] as const)('the number of threads: %s', async (format) => {
    const created = vi.spyOn(ort.InferenceSession, 'create');
    const model = await (format === 'full' ? fullProof('tied') : loraProof(format, 'tied'));
    const results = [];
    for (const threads of [1, 2]) {
      vi.stubEnv('SWIFT_THREADS', String(threads));
      created.mockClear();
      results.push(await gradientsOf(model, onnxruntime, { ...longStep(), residuals: 'save' }));
      const asked = new Set(created.mock.calls.map(([, options]) => options!.intraOpNumThreads));
      expect([...asked]).toEqual([threads]);
    }
    vi.stubEnv('SWIFT_THREADS', undefined);
    expect(results[1]).toEqual(results[0]);
  });
});

test('SWIFT_THREADS that is no number is refused', async () => {
  vi.stubEnv('SWIFT_THREADS', 'two');
  const step = gradientsOf(await loraProof('f32', 'tied'), onnxruntime, { ...longStep(), residuals: 'save' });
  await expect(step).rejects.toThrow('SWIFT_THREADS=two is no number of threads');
  vi.stubEnv('SWIFT_THREADS', undefined);
});
