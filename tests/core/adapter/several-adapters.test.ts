import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { adapterFolders, readAdapter } from '../../../core/adapter/adapter-files.js';
import { SeededRandom } from '../../../core/data/random.js';
import { adapterNames, adapterParameters, type CausalLM } from '../../../core/nn/index.js';
import { Together } from '../../../parity/together.js';
import {
  Chat,
  exportMerged,
  LoraConfig,
  Model,
  Seq2SeqTrainer,
  Swift,
  type TunableModel,
} from '../../../core/sdk/index.js';
import { TINY } from '../../e2e/swift.js';
import { backendOf } from '../../../parity/cases.js';

const root = mkdtempSync(join(tmpdir(), 'swift-adapters-'));
afterAll(() => rmSync(root, { recursive: true }));

const FIRST = LoraConfig({ r: 4, target_modules: ['q_proj', 'down_proj'], lora_dropout: 0 });
const SECOND = {
  tuner: 'lora',
  options: { lora_rank: 2, use_dora: true, target_modules: ['q_proj', 'v_proj'], lora_dropout: 0 },
};

/** Two adapters, moved as training would move them. */
async function two(): Promise<TunableModel> {
  const model = await Swift.prepareModel(await Model.fromPretrained(TINY, { dtype: 'fp32' }), {
    first: FIRST,
    second: SECOND,
  });
  for (const [i, name] of ['first', 'second'].entries()) {
    const random = SeededRandom.seeded(9 + i);
    for (const { data } of adapterParameters(model.loaded.model, name))
      data!.forEach((value, j) => (data![j] = value + 0.2 * random.normal()));
  }
  return model;
}

const PROMPTS = [
  [5, 9, 14, 3],
  [7, 8],
  [21, 4, 4, 4, 19, 2],
  [11, 3, 6],
] as const;

/** Logits after the prompt and after one token more. */
async function logits(
  model: CausalLM,
  prompts: readonly (readonly number[])[],
  choices?: readonly (ReadonlyMap<string, number> | undefined)[],
): Promise<Float32Array[]> {
  const engine = new Together(await backendOf('onnxruntime'), model);
  const rows = (all: Float32Array): Float32Array[] => {
    const width = all.length / prompts.length;
    return prompts.map((_, i) => all.slice(i * width, (i + 1) * width));
  };
  try {
    const first = rows(await engine.start(prompts, 1, choices));
    const second = rows(await engine.next(prompts.map(() => 12)));
    return first.map((one, i) => Float32Array.of(...one, ...second[i]));
  } finally {
    await engine.release();
  }
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('two adapters on one model', () => {
  test('are switched and weighted by name; none of them is the base model', async () => {
    const model = await two();
    const { model: tree } = model.loaded;
    const base = (await Model.fromPretrained(TINY)).loaded.model;
    const [plain] = await logits(base, [PROMPTS[0]]);
    const by = async (adapters: readonly string[] | Readonly<Record<string, number>>) => {
      await Swift.setAdapters(model, adapters);
      return (await logits(tree, [PROMPTS[0]]))[0];
    };
    expect(await by([])).toEqual(plain);
    expect(await by({ first: 0, second: 0 })).toEqual(plain);
    const [first, second, both] = [await by(['first']), await by(['second']), await by(['first', 'second'])];
    const half = await by({ first: 0.5 });
    for (const [a, b] of [
      [first, plain],
      [second, plain],
      [both, first],
      [both, second],
      [half, first],
      [half, plain],
    ])
      expect(largest(a, b)).toBeGreaterThan(1e-2);
  });

  test('rows of a batch with other adapters each answer as they do one at a time', async () => {
    const model = await two();
    const { model: tree } = model.loaded;
    const choices = [
      new Map([['first', 1]]),
      new Map<string, number>(),
      new Map([
        ['second', 0.7],
        ['first', -0.25],
      ]),
      undefined,
    ];
    const together = await logits(tree, PROMPTS, choices);
    for (const [i, prompt] of PROMPTS.entries()) {
      const [alone] = await logits(tree, [prompt], [choices[i]]);
      expect(largest(together[i], alone)).toBeLessThan(1e-4);
    }
  });

  test('conversations name their adapters', async () => {
    const model = await two();
    const chat = await Chat.open(model, { do_sample: false, max_new_tokens: 8 });
    const messages = [{ role: 'user', content: 'Hello?' }] as const;
    const asked = [{ messages, adapters: ['first'] }, { messages, adapters: [] }, { messages }];
    const together = await chat.answerAll(asked);
    for (const [i, one] of asked.entries()) {
      const [alone] = await chat.answerAll([one]);
      expect(together[i].ids).toEqual(alone.ids);
    }
    await expect(chat.answerAll([{ messages, adapters: ['fist'] }])).rejects.toThrow(/no adapter 'fist'/);
    for (const adapters of ['first', [1], null])
      await expect(chat.answerAll([{ messages, adapters } as never])).rejects.toMatchObject({
        code: 'BAD_ARGUMENT',
      });
    await Swift.setAdapters(model, [], { offload: true });
    const [offloaded] = await chat.answerAll([{ messages, adapters: ['first'] }]);
    expect(offloaded.ids).toEqual(together[0].ids);
    await chat.release();
  });

  test('both train, are saved apart, and come back as they were', async () => {
    const model = await Swift.prepareModel(await Model.fromPretrained(TINY), {
      first: FIRST,
      second: SECOND,
    });
    const before = new Map(
      ['first', 'second'].map((name) => [
        name,
        adapterParameters(model.loaded.model, name).map(({ data }) => data!.slice()),
      ]),
    );
    const rows = [{ query: 'Who are you?', response: 'I am Robin.' }];
    const args = {
      output_dir: join(root, 'both'),
      add_output_dir_suffix: false,
      max_steps: 3,
      learning_rate: 1e-2,
    };
    const { last_model_checkpoint: checkpoint } = await new Seq2SeqTrainer({
      model,
      args,
      train_dataset: rows,
    }).train();
    for (const [name, values] of before)
      expect(
        adapterParameters(model.loaded.model, name).some(({ data }, i) => largest(data!, values[i]) > 1e-3),
      ).toBe(true);
    expect([...adapterFolders(checkpoint!).keys()].sort()).toEqual(['first', 'second']);
    expect((await readAdapter(join(checkpoint!, 'second'))).config).toMatchObject({ use_dora: true, r: 2 });

    const again = await Model.fromPretrained(TINY);
    await Swift.fromPretrained(again, checkpoint!);
    expect(await logits(again.loaded.model, PROMPTS)).toEqual(await logits(model.loaded.model, PROMPTS));

    const resumed = await Swift.prepareModel(await Model.fromPretrained(TINY), {
      first: FIRST,
      second: SECOND,
    });
    const more = { ...args, output_dir: join(root, 'resumed'), resume_from_checkpoint: checkpoint! };
    const { state } = await new Seq2SeqTrainer({ model: resumed, args: more, train_dataset: rows }).train();
    expect(state.global_step).toBe(3);
    expect(await logits(resumed.loaded.model, PROMPTS)).toEqual(await logits(model.loaded.model, PROMPTS));
  });

  test('one of them trains alone while the other takes part no more', async () => {
    const model = await two();
    const held = adapterParameters(model.loaded.model, 'first').map(({ data }) => data!.slice());
    await Swift.setAdapters(model, ['second'], { offload: true });
    const args = { output_dir: join(root, 'one'), max_steps: 2, learning_rate: 1e-2, weight_decay: 0.1 };
    const train_dataset = [{ query: 'Who are you?', response: 'I am Robin.' }];
    const trainer = new Seq2SeqTrainer({ model: model as never, args, train_dataset });
    const { last_model_checkpoint: checkpoint } = await trainer.train();
    expect((await readAdapter(checkpoint!)).config).toMatchObject({ use_dora: true });
    expect([...adapterFolders(checkpoint!).keys()]).toEqual(['default']);
    const again = await two();
    await Swift.setAdapters(again, ['second']);
    const more = { ...args, output_dir: join(root, 'one-more'), resume_from_checkpoint: checkpoint! };
    await new Seq2SeqTrainer({ model: again as never, args: more, train_dataset }).train();
    expect(await logits(again.loaded.model, PROMPTS)).toEqual(await logits(model.loaded.model, PROMPTS));
    expect(adapterParameters(model.loaded.model, 'first').map(({ data }) => data)).toEqual(held);
  });

  test('weighted, none trains: no file keeps a factor', async () => {
    const model = await two();
    await Swift.setAdapters(model, { first: 0.5 });
    const args = { output_dir: join(root, 'weighted'), max_steps: 1 };
    const train_dataset = [{ query: 'a', response: 'b' }];
    const trainer = new Seq2SeqTrainer({ model: model as never, args, train_dataset });
    await expect(trainer.train()).rejects.toThrow(/'first' counts 0.5/);
  });

  test('merged, they answer as beside the weights, each as much as it counts', async () => {
    const model = await two();
    await Swift.setAdapters(model, { first: 0.5, second: 1 });
    const beside = await logits(model.loaded.model, PROMPTS);
    await exportMerged(model, join(root, 'merged'));
    expect(adapterNames(model.loaded.model)).toEqual([]);
    const merged = await logits(model.loaded.model, PROMPTS);
    for (const [i, row] of merged.entries()) expect(largest(row, beside[i])).toBeLessThan(1e-4);
  });

  test('offloaded, an adapter leaves memory and comes back', async () => {
    const model = await two();
    const { model: tree } = model.loaded;
    await Swift.setAdapters(model, ['first']);
    const first = await logits(tree, PROMPTS);
    await Swift.setAdapters(model, ['second'], { offload: true });
    expect(adapterParameters(tree, 'first').every(({ data, places }) => data === undefined && places)).toBe(
      true,
    );
    await Swift.setAdapters(model, ['first'], { offload: true });
    expect(await logits(tree, PROMPTS)).toEqual(first);
  });
});

describe('what does not go together is said', () => {
  test.each([
    ['a name twice', { first: FIRST }, /has an adapter 'first' already/],
    ['full tuning beside an adapter', { whole: { tuner: 'full', options: {} } }, /full tuning stands alone/],
    ['a name that is no name', { 'a/b': FIRST }, /'a\/b' is no name for an adapter/],
    [
      'whole modules beside an adapter',
      { third: LoraConfig({ target_modules: ['q_proj'], modules_to_save: ['norm'] }) },
      /stands alone|tuned beside the adapter/,
    ],
  ])('%s', async (_, tuners, message) => {
    const model = await Swift.prepareModel(await Model.fromPretrained(TINY), { first: FIRST });
    await expect(Swift.prepareModel(model, tuners)).rejects.toThrow(message);
  });

  test('an adapter with whole modules is not switched off', async () => {
    const config = LoraConfig({ target_modules: ['q_proj'], modules_to_save: ['norm'] });
    const model = await Swift.prepareModel(await Model.fromPretrained(TINY), { default: config });
    await expect(Swift.setAdapters(model, [])).rejects.toThrow(/'default' cannot be switched/);
    await expect(Swift.setAdapters(model, { other: 1 })).rejects.toThrow(/no adapter 'other'/);
    await expect(Swift.setAdapters(model, { default: NaN })).rejects.toThrow(/counts null/);
  });

  test('nothing is left in the temporary folder', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`.scratch-${process.pid}`))).toEqual([]);
  });
});
