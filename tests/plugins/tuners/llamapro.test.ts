/** LLaMA-Pro: blocks that are added answer as before until they are trained, in every family that takes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRebuilt } from '../../../core/adapter/check-rebuilt.js';
import { Tuning } from '../../../core/adapter/tuning.js';
import { microBatches } from '../../../core/data/micro-batches.js';
import { SeededRandom } from '../../../core/data/random.js';
import { isSwiftError } from '../../../core/errors.js';
import type { CausalLM } from '../../../core/nn/index.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { exportMerged, Model, openModel, Swift, train, type TunableModel } from '../../../core/sdk/index.js';
import { LlamaPro } from '../../../plugins/tuners/llamapro.js';
import { QUICKSTART, scratch, TINY } from '../../e2e/swift.js';
import { backendOf, loadCase, parityCase, parityCases } from '../../../parity/cases.js';

const IDS = [5, 9, 14, 3, 7, 8, 21, 4];

async function logps(model: CausalLM): Promise<Float32Array> {
  const engine = new TrainEngine(await backendOf('onnxruntime'), model, { residuals: 'save' });
  const [batch] = microBatches([{ input_ids: IDS, labels: IDS }], {
    lengths: [8],
    padTokenId: 0,
    packs: model.packs,
  });
  const { logp } = await engine.tokenValues(batch, ['logp']);
  await engine.release();
  return logp;
}

/** Adds as many blocks as there are; undefined where the family is refused. */
async function expanded(id: string): Promise<{ base: Float32Array; now: Float32Array } | string> {
  const loaded = await loadCase(parityCase(id));
  const base = await logps(loaded.model);
  const tuner = new LlamaPro();
  const count = loaded.model.blocks.length;
  try {
    const options = { llamapro_num_new_blocks: count, llamapro_num_groups: null };
    tuner.check(loaded.model, options);
    tuner.apply(loaded.model, options, SeededRandom.seeded(1));
    checkRebuilt(loaded, Tuning.of(tuner));
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    return error.message;
  }
  expect(loaded.model.blocks).toHaveLength(2 * count);
  return { base, now: await logps(loaded.model) };
}

const TAKEN = ['llama3', 'qwen2', 'qwen3', 'mistral', 'phi3', 'gemma', 'glm4', 'gpt2', 'bloom', 'falcon'];

describe('every family', () => {
  const refused = new Map<string, string>();
  test.each(parityCases().map(({ id }) => id))('%s answers as before, or is refused', async (id) => {
    const found = await expanded(id);
    if (typeof found === 'string') {
      refused.set(id, found);
      expect(found).toMatch(/llamapro|takes no blocks between its own|equal groups/);
      expect(TAKEN).not.toContain(id);
    } else expect(found.now).toEqual(found.base);
  });

  test('plain ones are taken; those where the number of layers counts, or blocks differ, are not', () => {
    expect(parityCases().map(({ id }) => id)).toEqual(expect.arrayContaining(TAKEN));
    for (const id of ['minicpm', 'mixtral', 'mamba2']) expect([...refused.keys()]).toContain(id);
  });
});

const RUN = {
  model_id_or_path: TINY,
  dataset: [QUICKSTART],
  dataset_test_ratio: 0,
  sft_type: 'llamapro',
  llamapro_num_new_blocks: 2,
  learning_rate: 1e-2,
  batch_size: 2,
  gradient_accumulation_steps: 1,
  save_steps: 2,
  max_steps: 4,
  add_output_dir_suffix: false,
  save_total_limit: 10,
};
const values = ({ loaded: { model } }: TunableModel): Map<string, Float32Array> =>
  new Map([...model.parameters()].map(([name, { data }]) => [name, data!]));

test('only new blocks train; their checkpoint opens, is gone on from bit for bit, and merges', async () => {
  const cwd = scratch();
  const whole = await train('sft', { ...RUN, output_dir: join(cwd, 'whole') });
  const last = whole.last_model_checkpoint!;
  const tuned = await openModel({ ckpt_dir: last, dtype: 'fp32' });
  const base = values(await Model.fromPretrained(TINY, { dtype: 'fp32' }));
  // Four blocks in two groups: 0 1 [1] 2 3 [3].
  const before = [0, 1, undefined, 2, 3, undefined];
  for (const [name, data] of values(tuned)) {
    const [, number] = /layers\.(\d+)\./.exec(name) ?? [];
    const old = number === undefined ? undefined : before[Number(number)];
    const isNew = number !== undefined && old === undefined;
    const was = base.get(
      name.replace(`layers.${number}.`, `layers.${isNew ? (Number(number) === 2 ? 1 : 3) : old}.`),
    )!;
    if (isNew) expect(data, name).not.toEqual(was);
    else expect(data, name).toEqual(was);
  }
  const resumed = await train('sft', {
    ...RUN,
    output_dir: join(cwd, 'resumed'),
    resume_from_checkpoint: join(whole.folder, 'checkpoint-2'),
  });
  for (const name of ['adapter_model.safetensors', 'optimizer.safetensors']) {
    const [a, b] = [whole, resumed].map(({ folder }) => readFileSync(join(folder, 'checkpoint-4', name)));
    expect(a.equals(b), name).toBe(true);
  }
  const answers = await logps(tuned.loaded.model);
  const folder = await exportMerged(tuned, join(cwd, 'merged'));
  expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({
    num_hidden_layers: 6,
  });
  const merged = await Model.fromPretrained(folder, { dtype: 'fp32' });
  // Written in the base's 16 bits.
  (await logps(merged.loaded.model)).forEach((value, i) => expect(value).toBeCloseTo(answers[i], 1));
});

test.each([
  [{ llamapro_num_new_blocks: 3 }, /4 blocks make no 3 equal groups/],
  [{ llamapro_num_new_blocks: 3, llamapro_num_groups: 2 }, /3 new blocks cannot lie evenly behind 2 groups/],
])('%j is refused before weights are read', async (options, message) => {
  await expect(train('sft', { ...RUN, ...options, output_dir: scratch() })).rejects.toThrow(message);
});

test('it stands alone', async () => {
  const model = await Model.fromPretrained(TINY);
  const pro = { tuner: 'llamapro', options: { llamapro_num_new_blocks: 2 } };
  const lora = { tuner: 'lora', options: {} };
  await expect(Swift.prepareModel(model, { pro, lora })).rejects.toThrow(/stand alone/);
});

test('lists of layers in config.json grow with them', async () => {
  const tuner = new LlamaPro();
  const { model } = await loadCase(parityCase('llama3'));
  const count = model.blocks.length;
  tuner.apply(model, { llamapro_num_new_blocks: count, llamapro_num_groups: count }, SeededRandom.seeded(1));
  const words = Array.from({ length: count }, (_, i) => `layer-${i}`);
  const fields = tuner.fields({ num_hidden_layers: count, layer_types: words, other: 'x'.repeat(count) });
  expect(fields).toEqual({
    num_hidden_layers: 2 * count,
    layer_types: words.flatMap((word) => [word, word]),
  });
  expect(tuner.fields({ text_config: { n_layer: count, a: 1 } })).toEqual({
    text_config: { n_layer: 2 * count, a: 1 },
  });
});
