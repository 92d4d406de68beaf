import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AdapterFiles } from '../../../core/contracts/tuner.js';
import type { LoraOptions } from '../../../plugins/tuners/lora/arguments.js';
import { SeededRandom } from '../../../core/data/random.js';
import { readAdapter } from '../../../core/adapter/adapter-files.js';
import { backendOf, fixture, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../../parity/compute.js';
import { largestDifference } from '../../../parity/measure.js';

const OPTIONS: LoraOptions = {
  lora_rank: 2,
  lora_alpha: 4,
  lora_dropout: 0,
  use_rslora: false,
  use_dora: false,
  target_modules: ['q_proj'],
  modules_to_save: [],
  target_regex: null,
  lora_bias_trainable: 'none',
  init_lora_weights: 'true',
  freeze_vit: true,
  freeze_aligner: true,
  freeze_llm: false,
};

async function fresh(id = 'llama3') {
  const { model } = await loadCase(parityCase(id));
  return { model, tuner: (await plugins().resolve('tuner', 'lora')).instance };
}

async function apply(options: Partial<LoraOptions>, id?: string) {
  const { model, tuner } = await fresh(id);
  await tuner.apply(model, { ...OPTIONS, ...options }, SeededRandom.seeded(1));
  return { model, tuner };
}

describe('on a mixture of experts', () => {
  const TARGETS = ['w1', 'w2', 'w3'];

  test('all linear layers are the experts too, but routers only by name', async () => {
    const { model } = await apply({ target_modules: ['all-linear'] }, 'mixtral');
    const adapted = [...model.namedModules()].filter(([path]) => path.endsWith('.lora_A'));
    expect(adapted).toHaveLength(2 * (4 + 4 * 3));
    const named = await apply({ target_modules: ['gate'] }, 'mixtral');
    const routers = [...named.model.namedModules()].filter(([path]) => path.endsWith('gate.lora_A'));
    expect(routers).toHaveLength(2);
  });

  test.each([[TARGETS], [['gate']], [[...TARGETS, 'gate', 'q_proj']]])(
    'adapters on %j answer the same merged as beside the weights',
    async (target_modules) => {
      const backend = await backendOf('onnxruntime');
      const batch = batchOf(samplesOf(parityCase('mixtral').oracle));
      const { model, tuner } = await apply({ target_modules }, 'mixtral');
      const before = await logitsOf(model, backend, batch);
      const random = SeededRandom.seeded(9);
      for (const [name, parameter] of model.namedParameters()) {
        if (name.endsWith('lora_B.weight')) parameter.data = parameter.data!.map(() => 0.1 * random.normal());
      }
      const beside = await logitsOf(model, backend, batch);
      tuner.merge!(model);
      expect(largestDifference(beside, before)).toBeGreaterThan(1e-2);
      expect(largestDifference(await logitsOf(model, backend, batch), beside)).toBeLessThanOrEqual(1e-4);
    },
  );
});

describe('applying', () => {
  test('changes no logit and trains only A and B', async () => {
    const parity = parityCase('llama3');
    const batch = batchOf(samplesOf(parity.oracle));
    const backend = await backendOf('onnxruntime');
    const before = await logitsOf((await fresh()).model, backend, batch);
    const { model } = await apply({ target_modules: ['all-linear'] });
    expect(await logitsOf(model, backend, batch)).toEqual(before);
    const trained = [...model.namedParameters()].filter(([, { trainable }]) => trainable);
    expect(trained).toHaveLength(2 * 7 * 2);
    expect(trained.every(([name]) => /lora_[AB]\.weight$/.test(name))).toBe(true);
  });

  test('a seed gives the same A again, within its bound', async () => {
    const [a, b] = [await apply({}), await apply({})].map(
      ({ model }) => [...model.namedParameters()].find(([name]) => name.endsWith('lora_A.weight'))![1].data!,
    );
    expect(a).toEqual(b);
    const bound = 1 / Math.sqrt(32);
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...a.map(Math.abs))).toBeGreaterThan(bound / 2);
  });

  test.each([
    [{ target_modules: ['q_porj'] }, /q_porj matches no linear layer/],
    [{ target_modules: [], target_regex: '(' }, /not a regular expression/],
    [{ target_modules: [], target_regex: 'q_proj' }, /matches no linear layer/],
    [{ target_modules: [], target_regex: '(([a-z_.0-9]+)+)!' }, /takes longer than 5 s on this model/],
  ])('%j is an error', async (options, message) => {
    await expect(apply(options)).rejects.toThrow(message);
  });

  test.each([
    [{ modules_to_save: ['embed_tokens'] }, ['model.embed_tokens.weight']],
    [{ modules_to_save: ['lm_head'] }, ['lm_head.weight']],
    [{ target_modules: ['lm_head'] }, ['lm_head.lora_A.weight', 'lm_head.lora_B.weight']],
    [
      { target_modules: [], target_regex: 'lm_head|.*q_proj' },
      ['lm_head.lora_A.weight', 'lm_head.lora_B.weight'],
    ],
  ])('%j unties head and embedding, which then are two', async (options, trained) => {
    const { model } = await apply(options, 'qwen2');
    expect(model.tied).toEqual([]);
    const named = [...model.namedParameters()].filter(([name]) => !name.includes('layers.'));
    expect(named.filter(([, { trainable }]) => trainable).map(([name]) => name)).toEqual(trained);
    const [embedding, head] = ['embed_tokens', 'lm_head'].map(
      (module) => named.find(([name, { size }]) => name.includes(module) && size > 1000)![1].data!,
    );
    expect(head).toEqual(embedding);
    expect(head.buffer).not.toBe(embedding.buffer);
  });

  test('a name for modules to save is the end of their paths, inside a word too', async () => {
    const { model } = await apply({ modules_to_save: ['norm'] });
    const trained = [...model.namedParameters()].filter(
      ([name, p]) => p.trainable && !name.includes('lora_'),
    );
    expect(trained.map(([name]) => name)).toEqual([
      ...[0, 1].flatMap((i) =>
        ['input', 'post_attention'].map((n) => `model.layers.${i}.${n}_layernorm.weight`),
      ),
      'model.norm.weight',
    ]);
  });

  test('an adapter on the head trains without dropout', async () => {
    await expect(apply({ target_modules: ['lm_head'], lora_dropout: 0.1 })).rejects.toThrow(
      /--lora_dropout 0.1/,
    );
  });
});

describe('loading', () => {
  const qv = (): Promise<AdapterFiles> => readAdapter(fixture('peft', 'qv'));

  test.each([
    ['use_dora', 1],
    ['rank_pattern', { q_proj: 0.5 }],
    ['alpha_pattern', { '(': 8 }],
    ['layers_to_transform', ['one']],
    ['bias', 'lora_only'],
    ['bias', 'weird'],
    ['exclude_modules', '('],
    ['init_lora_weights', 'pissa_niter_4'],
    ['use_qalora', true],
    ['r', 0],
  ])('an adapter with %s %j is refused', async (field, value) => {
    const { model, tuner } = await fresh();
    const { config, tensors } = await qv();
    expect(() => tuner.load!(model, { config: { ...config, [field]: value }, tensors })).toThrow(field);
  });

  test.each([
    [{ target_modules: ['c_attn'] }, /adapter_config.json: target_modules c_attn matches no linear layer/],
    [{ target_modules: 'c_attn' }, /adapter_config.json: target_modules c_attn matches no linear layer/],
    [{ target_modules: 7 }, /target_modules is 7, expected names/],
    [{ modules_to_save: ['score'] }, /adapter_config.json: modules_to_save score matches no module/],
    [{ modules_to_save: ['lm_head', null] }, /modules_to_save is \["lm_head",null\], expected names/],
  ])('complaints about %j name the field of the adapter, not a flag', async (fields, message) => {
    const { model, tuner } = await fresh();
    const { config, tensors } = await qv();
    const attempt = () => tuner.load!(model, { config: { ...config, ...fields }, tensors });
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/--/);
    expect(attempt).toThrow(expect.objectContaining({ code: 'BAD_CHECKPOINT' }));
  });

  test('embedding and head that are to stay one tensor are refused when an adapter tunes them', async () => {
    const { model, tuner } = await fresh('qwen2');
    const { config, tensors } = await readAdapter(fixture('peft', 'tied_both'));
    const kept = { ...config, ensure_weight_tying: true };
    expect(() => tuner.load!(model, { config: kept, tensors })).toThrow(/ensure_weight_tying is true/);
  });

  test('an adapter of another base model is refused, naming the tensor', async () => {
    const { model, tuner } = await fresh('smollm2');
    const files = await qv();
    expect(() => tuner.load!(model, files)).toThrow(/q_proj\.lora_A\.weight' is \[4,32\].*\[4,36\]/);
    const { model: other, tuner: second } = await fresh();
    const short = { ...files, tensors: files.tensors.slice(1) };
    expect(() => second.load!(other, short)).toThrow(/has no tensor/);
    const { model: third, tuner: more } = await fresh();
    const long = { ...files, tensors: [...files.tensors, { ...files.tensors[0], name: 'extra' }] };
    expect(() => more.load!(third, long)).toThrow(/fits nowhere.*extra/);
  });
});

test('what a tuner writes, it reads back', async () => {
  const { model, tuner } = await apply(
    { lora_bias_trainable: 'all', modules_to_save: ['lm_head'] },
    'attention_bias',
  );
  const files = tuner.adapter!(model, join('tiny', 'attention_bias'));
  const other = await fresh('attention_bias');
  await other.tuner.load!(other.model, files);
  expect(other.tuner.adapter!(other.model, join('tiny', 'attention_bias'))).toEqual(files);
});
