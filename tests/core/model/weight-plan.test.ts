import { describe, expect, test } from 'vitest';
import { formatName, isInt8 } from '../../../core/graph/index.js';
import { loadModel, type LoadModelOptions } from '../../../core/model/load-model.js';
import { weightValues } from '../../../core/model/weight-values.js';
import { widenTrained } from '../../../core/model/widen-trained.js';
import type { CausalLM } from '../../../core/nn/index.js';
import { createServices } from '../../../core/sdk/services.js';
import type { TensorSource } from '../../../core/io/tensor-source.js';
import { WeightPlan } from '../../../core/model/weight-plan.js';
import { TINY } from '../../e2e/swift.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../../parity/compute.js';

async function load(options: Partial<LoadModelOptions>) {
  const said: string[] = [];
  const log = {
    info: (line: string) => void said.push(line),
    warn: (line: string) => void said.push(`! ${line}`),
  };
  const services = createServices({ use_hf: true, backend: 'onnxruntime', plugins: [], log });
  const { model } = await loadModel({ model_id_or_path: TINY, use_hf: true, ...options }, services);
  return { model, said, log };
}

function formats(model: CausalLM): Record<string, string> {
  const wanted = ['model.embed_tokens.weight', 'model.layers.0.mlp.up_proj.weight', 'model.norm.weight'];
  const held = new Map(model.namedParameters());
  return Object.fromEntries(
    wanted.map((name) => [name.split('.').at(-2)!, formatName(held.get(name)!.format)]),
  );
}

describe('weights are held', () => {
  test.each([
    [{}, { embed_tokens: 'bf16', up_proj: 'bf16', norm: 'f32' }],
    [{ dtype: 'fp32' }, { embed_tokens: 'f32', up_proj: 'f32', norm: 'f32' }],
    [{ dtype: 'fp16' }, { embed_tokens: 'f16', up_proj: 'f16', norm: 'f32' }],
    [{ quant_bits: 8 }, { embed_tokens: 'bf16', up_proj: 'int8', norm: 'f32' }],
    [
      { quant_bits: 4, quant_group_size: 32 },
      { embed_tokens: 'bf16', up_proj: 'nf4', norm: 'f32' },
    ],
    [
      { quant_bits: 4, quant_method: 'rtn', quant_group_size: 32 },
      { embed_tokens: 'int8', up_proj: 'int4', norm: 'f32' },
    ],
  ] as const)('%j', async (options, expected) => {
    expect(formats((await load(options)).model)).toEqual(expected);
  });

  test('as the checkpoint has them: no value changes', async () => {
    const [own, wide] = [await load({}), await load({ dtype: 'fp32' })];
    const widened = new Map(wide.model.namedParameters());
    for (const [name, parameter] of own.model.namedParameters()) {
      expect(weightValues(parameter)).toEqual(weightValues(widened.get(name)!));
    }
  });
});

describe('nothing is silent', () => {
  test('formats and memory are told, and rounding', async () => {
    expect((await load({})).said.join('\n')).toMatch(/^weights: .*bf16/m);
    expect((await load({ dtype: 'fp16' })).said.join('\n')).toMatch(/! .* tensors were rounded to fp16/);
  });

  test('layers that do not divide into groups stay as they are, counted', async () => {
    const { model } = await loadCase(parityCase('llama3'));
    const [name, parameter] = [...model.namedParameters()].find(([own]) => own.endsWith('q_proj.weight'))!;
    expect(parameter.shape[1] % 128).not.toBe(0);
    const plan = await WeightPlan.of(model, { quant_bits: 4, quant_group_size: 128 }, plugins());
    const source: TensorSource = {
      names: () => [name],
      has: () => true,
      close: () => Promise.resolve(),
      info: () => ({ dtype: 'F32', shape: parameter.shape }),
      readFloat32: () => Promise.resolve(parameter.data!),
    };
    expect((await plan.read(parameter, name, source)).format).toBe('f32');
    const said: string[] = [];
    plan.report('there', { info: () => undefined, warn: (line) => void said.push(line) });
    expect(said).toEqual([expect.stringMatching(/^1 linear layer stays unquantized: .* multiple of 128/)]);
  });

  test('types of GGUF that are widened are named', async () => {
    const { model } = await loadCase(parityCase('llama3'));
    const [name, parameter] = [...model.namedParameters()].find(([, { shape }]) => shape.length === 2)!;
    const plan = await WeightPlan.of(model, {}, plugins());
    const source = (dtype: string): TensorSource => ({
      names: () => [name],
      has: () => true,
      close: () => Promise.resolve(),
      info: () => ({ dtype, shape: parameter.shape }),
      readFloat32: () => Promise.resolve(parameter.data!),
    });
    for (const dtype of ['Q6_K', 'F32', 'Q4_K', 'Q6_K']) await plan.read(parameter, name, source(dtype));
    const said: string[] = [];
    plan.report('there', { info: (line) => void said.push(line), warn: () => undefined });
    expect(said).toEqual([
      'weights: Q4_K, Q6_K of the file are widened; answers are computed from the widened values',
    ]);
  });

  test('16-bit values that a file does not give as bits are held as they are, and not called rounded', async () => {
    const { model } = await loadCase(parityCase('llama3'));
    const [name, parameter] = [...model.namedParameters()].find(([, { shape }]) => shape.length === 2)!;
    const plan = await WeightPlan.of(model, {}, plugins());
    const source = (dtype: string): TensorSource => ({
      names: () => [name],
      has: () => true,
      close: () => Promise.resolve(),
      info: () => ({ dtype, shape: parameter.shape }),
      readFloat32: () => Promise.resolve(parameter.data!),
    });
    for (const dtype of ['F16', 'BF16']) await plan.read(parameter, name, source(dtype));
    const said: string[] = [];
    plan.report('there', { info: () => undefined, warn: (line) => void said.push(line) });
    expect(said).toEqual([]);
  });

  test.each([
    [{ quant_bits: 3 }, 'offers 4 and 8 bits'],
    [{ quant_bits: 4, quant_group_size: 48 }, '32, 64, 128'],
  ] as const)('%j is an error that says what there is', async (options, cure) => {
    const error = await load(options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(String(error) + String((error as { cure: unknown }).cure)).toContain(cure);
  });
});

describe('what trains is held in float32', () => {
  test('16-bit weights are widened without a change, and told', async () => {
    const { model, log, said } = await load({});
    const [, parameter] = [...model.namedParameters()].find(([, { format }]) => format === 'bf16')!;
    const before = weightValues(parameter);
    parameter.trainable = true;
    widenTrained(model, log);
    expect(parameter.data).toEqual(before);
    expect(said.at(-1)).toBe('weights: 1 trained tensor is held in float32');
  });

  test('a quantized weight does not train', async () => {
    const { model, log } = await load({ quant_bits: 8 });
    const [, parameter] = [...model.namedParameters()].find(([, { format }]) => isInt8(format))!;
    parameter.trainable = true;
    expect(() => widenTrained(model, log)).toThrow(/is held in int8 and cannot train/);
  });
});

describe('what is no linear layer of a block stays as it is', () => {
  test.each([
    ['mixtral', /experts\.\d\.w\d\.weight$/, /block_sparse_moe\.gate/],
    ['mamba', /(in|x|out|dt)_proj\.weight$/, /A_log|conv1d/],
  ])('%s in 4 bits', async (id, rounded, kept) => {
    const weights = { quant_bits: 4, quant_method: 'rtn', quant_group_size: 32 };
    const { model } = await loadCase(parityCase(id), { weights });
    const held = [...model.namedParameters()];
    const formatsOf = (pattern: RegExp) =>
      new Set(held.filter(([n]) => pattern.test(n)).map(([, p]) => formatName(p.format)));
    expect(formatsOf(rounded)).toContain('int4');
    expect(formatsOf(kept)).toEqual(new Set(['f32']));
  });

  test('experts in 8 bits answer nearly as in float32', async () => {
    const parity = parityCase('mixtral');
    const backend = await backendOf('onnxruntime');
    const batch = batchOf(samplesOf(parity.oracle));
    const logits = async (weights?: { quant_bits: number }) =>
      logitsOf((await loadCase(parity, { weights })).model, backend, batch);
    const [exact, rounded] = [await logits(), await logits({ quant_bits: 8 })];
    expect(cosine(exact, rounded)).toBeGreaterThan(0.99);
    expect(rounded).not.toEqual(exact);
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
