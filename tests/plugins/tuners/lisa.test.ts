/** LISA: other blocks train in other steps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Decoder, type CausalLM } from '../../../core/nn/index.js';
import { runLoop, tunerStep } from '../../../core/train/loop.js';
import { train } from '../../../core/sdk/index.js';
import { FullTuner } from '../../../plugins/tuners/full.js';
import { job, OPTIONS, TRAITS } from '../../core/train/tiny-job.js';
import { QUICKSTART, scratch, TINY } from '../../e2e/swift.js';

const FULL = {
  freeze_parameters: [],
  freeze_parameters_ratio: 0,
  additional_trainable_parameters: [],
  freeze_vit: true,
  freeze_aligner: true,
  freeze_llm: false,
  lisa_activated_layers: 0,
  lisa_step_interval: 20,
};
const LISA = { ...FULL, lisa_activated_layers: 2, lisa_step_interval: 3 };

const values = (model: CausalLM): Map<string, Float32Array> =>
  new Map([...model.parameters()].map(([name, { data }]) => [name, data!.slice()]));
const blockOf = (name: string): number | undefined => {
  const found = /layers\.(\d+)\./.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
};

function lisaJob(max_steps: number, changes: Parameters<typeof job>[0] = {}) {
  const one = job({ traits: { ...TRAITS, num_hidden_layers: 6 }, ...changes });
  const tuner = new FullTuner();
  tuner.apply(one.model, LISA);
  const options = { ...OPTIONS, max_steps, eval_strategy: 'no' } as const;
  return {
    ...one,
    options,
    beforeStep: (at: Parameters<FullTuner['beforeStep']>[1]) => tuner.beforeStep(one.model, at),
  };
}

test('two blocks move between draws, the others stay bit for bit; embeddings and norm always move', async () => {
  const drawn: number[][] = [];
  let before = new Map<string, Float32Array>();
  const one = lisaJob(9, {
    observers: [
      {
        onStep: ({ state: { global_step } }) => {
          const now = values(one.model);
          if (global_step === 1) return void (before = now);
          const moved = [...now].filter(([name, data]) => before.get(name)!.some((v, i) => v !== data[i]));
          const blocks = [...new Set(moved.map(([name]) => blockOf(name)))];
          expect(blocks.filter((block) => block !== undefined)).toHaveLength(2);
          expect(moved.map(([name]) => name)).toEqual(
            expect.arrayContaining(['model.embed_tokens.weight', 'model.norm.weight']),
          );
          drawn.push(blocks.filter((block) => block !== undefined).sort());
          before = now;
        },
      },
    ],
  });
  await runLoop(one);
  const [a, b, c] = [drawn.slice(0, 2), drawn.slice(2, 5), drawn.slice(5)];
  for (const interval of [a, b, c]) expect(new Set(interval.map(String)).size).toBe(1);
  expect(new Set(drawn.map(String)).size).toBeGreaterThan(1);
});

test('until the second draw it is full tuning with the other blocks frozen', async () => {
  const lisa = lisaJob(3);
  lisa.beforeStep(tunerStep(OPTIONS.seed, 0));
  const frozen = lisa.model.blocks.flatMap((block, i) =>
    [...block.parameters()].some(([, { trainable }]) => trainable) ? [] : [`model.layers.${i}.`],
  );
  expect(frozen).toHaveLength(4);
  const full = job({ traits: { ...TRAITS, num_hidden_layers: 6 } });
  new FullTuner().apply(full.model, { ...FULL, freeze_parameters: frozen });
  await runLoop(lisa);
  await runLoop({ ...full, options: { ...OPTIONS, max_steps: 3, eval_strategy: 'no' } });
  expect(values(lisa.model)).toEqual(values(full.model));
});

test('every block is drawn about as often', () => {
  const one = lisaJob(1);
  const counts = one.model.blocks.map(() => 0);
  for (let step = 0; step < 3000; step += 3) {
    one.beforeStep(tunerStep(1, step));
    one.model.blocks.forEach((block, i) => {
      if ([...block.parameters()].some(([, { trainable }]) => trainable)) counts[i]++;
    });
  }
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2000);
  // A binomial of 1000 draws at 1/3 has a deviation of 15.
  for (const count of counts) expect(Math.abs(count - 333)).toBeLessThan(75);
});

test.each([
  [{ lisa_activated_layers: 7 }, /--lisa_activated_layers 7: 6 blocks train/],
  [{ lisa_step_interval: 5 }, /--lisa_step_interval 5: no blocks are drawn/],
])('%j is refused', (options, message) => {
  const model = new Decoder({ ...TRAITS, num_hidden_layers: 6 });
  expect(() => new FullTuner().apply(model, { ...FULL, ...options })).toThrow(message);
});

test.each([3, 4])('a run that goes on from step %d ends as one that was never cut off', async (at) => {
  const cwd = scratch();
  const options = {
    model_id_or_path: TINY,
    dataset: [QUICKSTART],
    dataset_test_ratio: 0,
    sft_type: 'full',
    lisa_activated_layers: 1,
    lisa_step_interval: 2,
    learning_rate: 1e-3,
    batch_size: 2,
    gradient_accumulation_steps: 1,
    save_steps: at,
    max_steps: 7,
    add_output_dir_suffix: false,
    save_total_limit: 10,
  };
  const whole = await train('sft', { ...options, output_dir: join(cwd, 'whole') });
  const resumed = await train('sft', {
    ...options,
    output_dir: join(cwd, 'resumed'),
    resume_from_checkpoint: join(whole.folder, `checkpoint-${at}`),
  });
  for (const name of ['model.safetensors', 'optimizer.safetensors', 'master_weights.safetensors']) {
    const [a, b] = [whole, resumed].map(({ folder }) => readFileSync(join(folder, 'checkpoint-7', name)));
    expect(a.equals(b), name).toBe(true);
  }
});
