import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Optimizer } from '../../../core/contracts/optimizer.js';
import type { Quantizer } from '../../../core/contracts/quantizer.js';
import type { Template } from '../../../core/contracts/template.js';
import type { Trainer } from '../../../core/contracts/trainer.js';
import type { Tuner } from '../../../core/contracts/tuner.js';
import type { Backend } from '../../../core/contracts/backend.js';
import type { Listed } from '../../../core/registry/catalog.js';
import { PLUGIN_KINDS, type PluginKind } from '../../../core/registry/kinds.js';
import { services } from '../../../core/sdk/default-services.js';
import { CHECKS } from '../../../core/testing/checks.js';
import { checkPlugins } from '../../../core/testing/index.js';
import { TINY } from '../../e2e/swift.js';

const own = services();

/** What the check of a kind says of one of our plugins, or of another that stands in its place. */
async function said(
  kind: PluginKind,
  id: string,
  other?: () => object,
  meta: object = {},
): Promise<string[]> {
  const found = await own.plugins.resolve(kind, id);
  const plugin = other ? { id, meta: { ...found.meta, ...meta }, instance: other() } : found;
  const plugins = {
    catalog: own.plugins.catalog,
    mayRun: (entry: Listed) => own.plugins.mayRun(entry),
    resolve: async (asked: PluginKind, name: string) =>
      other && asked === kind && name === id
        ? { ...plugin, instance: other() }
        : own.plugins.resolve(asked, name),
  };
  const bench = { services: { ...own, plugins }, model: TINY };
  const faults: string[] = [];
  const check = CHECKS[kind] as (plugin: unknown, bench: unknown) => AsyncGenerator<string>;
  for await (const fault of check(plugin, bench)) faults.push(fault);
  return faults;
}

const TRIED: Readonly<Partial<Record<PluginKind, readonly string[]>>> = {
  tuner: ['lora', 'full'],
  trainer: ['sft', 'pt', 'dpo', 'ipo', 'cpo', 'simpo', 'orpo', 'kto', 'rm', 'grpo'],
  optimizer: ['adamw_torch'],
  quantizer: ['bnb', 'rtn'],
  codec: ['awq', 'bnb', 'compressed-tensors', 'fp8', 'gptq'],
  backend: ['onnxruntime', 'reference'],
  template: ['chatml', 'qwen3'],
  model: ['qwen2-0_5b-instruct'],
  evaluator: ['gsm8k', 'arc', 'arc_easy'],
  agent: ['hermes', 'react_en', 'toolbench', 'qwen_zh', 'llama3', 'glm4', 'mistral', 'gemma4'],
  'loss-scale': ['react', 'agentflan', 'hermes', 'ignore_empty_think'],
  reward: own.plugins.catalog.list('reward').map(({ id }) => id),
};

describe.each(Object.entries(TRIED) as [PluginKind, string[]][])('every %s of ours', (kind, ids) => {
  test.each(ids)('%s keeps its contract', async (id) => {
    expect(await said(kind, id)).toEqual([]);
  });
});

test('kinds whose contract is more than methods are checked', () => {
  const unchecked = PLUGIN_KINDS.filter((kind) => CHECKS[kind] === undefined);
  expect(unchecked).toEqual(['dataset', 'engine', 'patcher']);
});

describe('what breaks a contract is said', () => {
  test('reward', async () => {
    expect(await said('reward', 'format', () => ({ score: () => [1] }))).toEqual([
      'score() does not return a finite number or null for each answer',
    ]);
  });

  const tuner = (changes: Partial<Tuner>): object => ({ apply: () => undefined, ...changes });
  const norms: Tuner['apply'] = (model) => {
    for (const [name, one] of model.namedParameters()) one.trainable = name.includes('norm');
  };
  test.each<[string, () => object, string]>([
    ['nothing trains', () => tuner({}), 'nothing trains'],
    [
      'values of chance',
      () =>
        tuner({
          apply: async (model, options, random) => {
            await norms(model, options, random);
            for (const [, one] of model.namedParameters())
              if (one.trainable) one.data = one.data!.map(() => Math.random());
          },
        }),
      'the same seed gives other values',
    ],
    [
      'an adapter that is not read',
      () => tuner({ apply: norms, adapter: () => ({ config: {}, tensors: [] }) }),
      'has no `load` or no `restore`',
    ],
    [
      'an adapter that forgets',
      () =>
        tuner({
          apply: norms,
          load: norms as never,
          restore: () => undefined,
          adapter: () => ({ config: { peft_type: 'LORA' }, tensors: [] }),
        }),
      '`load` gives other values',
    ],
  ])('tuner: %s', async (_, make, fault) => {
    expect((await said('tuner', 'lora', make, { arguments: {} })).join('\n')).toContain(fault);
  });

  const optimizer = (changes: Partial<Optimizer>): object => ({
    slots: 0,
    load: () => undefined,
    step: () => undefined,
    state: () => new Map([['step', Float32Array.of(1)]]),
    ...changes,
  });
  test.each<[string, () => object, string]>([
    ['no count of steps', () => optimizer({ state: () => new Map() }), "no 'step'"],
    ['numbers that are none', () => optimizer({ step: ([{ data }]) => void data.fill(NaN) }), 'not finite'],
    [
      'a state that is not taken back',
      () => {
        let steps = 0;
        return optimizer({ step: ([{ data }]) => void (data[0] -= ++steps) });
      },
      'goes on otherwise',
    ],
  ])('optimizer: %s', async (_, make, fault) => {
    expect((await said('optimizer', 'adamw_torch', make)).join('\n')).toContain(fault);
  });

  test('trainer, quantizer, template, backend, model', async () => {
    const trainer = (): Trainer => ({ supervise: 'some' as 'all', tokenWeights: () => [1] });
    expect(await said('trainer', 'sft', trainer)).toEqual([
      "it supervises 'some': assistant, all or none",
      '3 tokens have 1 weights',
    ]);
    const quantizer = (): Quantizer => ({
      fits: () => true,
      quantize: (values, shape) => ({
        format: 'f32',
        shape: [1],
        parts: [{ dtype: 'float32', shape, data: values }],
      }),
    });
    expect(await said('quantizer', 'rtn', quantizer, { bits: [8] })).toEqual([
      'in 8 bits the shape becomes [1]',
      'in 8 bits a weight takes no less memory than in float32',
    ]);
    const template = () =>
      ({
        prompt: () => [9],
        stopIds: () => [],
        stopWords: [],
        encode: () => ({
          kind: 'sample',
          truncated: false,
          sample: { input_ids: [1, 2], labels: [-100, 3] },
        }),
      }) as unknown as Template;
    expect((await said('template', 'chatml', template)).join('\n')).toMatch(
      /label 1 is another token[^]*what is learned is not the answer[^]*the prompt is not how[^]*no stop token/,
    );
    const backend = (): Backend => ({
      compile: async () => ({
        run: async () => [{ dtype: 'float32', shape: [2, 2], data: Float32Array.of(0, 0, 0, 0) }],
        release: async () => undefined,
      }),
      describe: async () => 'mine',
    });
    expect((await said('backend', 'onnxruntime', backend)).join()).toContain(
      'a matrix product gives 0, 0, 0, 0',
    );
    const model = { template: 'chatmll', lora_target_modules: [], variants: { x: { hf: 'nowhere' } } };
    expect(await said('model', 'qwen2-0_5b-instruct', () => ({}), model)).toEqual([
      "there is no template 'chatmll'",
      'it names no lora_target_modules',
      "'x' names a repository that is not owner/name",
    ]);
  });
});

test('a package is checked by its name', async () => {
  await expect(checkPlugins([join(TINY, 'nowhere')])).rejects.toMatchObject({ code: 'BAD_PLUGIN' });
});
