import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StepReport } from '../../../core/train/observer.js';
import { duration } from '../../../core/train/duration.js';
import { RunLog } from '../../../core/train/run-log.js';
import { freshState, type LogEntry, type TrainerState } from '../../../core/train/state.js';
import { temporaryFolder } from '../io/temporary-folder.js';

function report(state: TrainerState, step: number): StepReport {
  Object.assign(state, { global_step: step, epoch: step / 4 });
  const numbers = {
    loss: step,
    correct: 5,
    metrics: {},
    supervised: 10,
    tokens: 20,
    gradientNorm: 0.5,
    learningRate: 1e-4,
  };
  return { state, ...numbers, seconds: 0.5 };
}

async function logged({
  steps,
  maxSteps,
  every,
  tensorBoard = false,
}: {
  steps: number;
  maxSteps: number;
  every: number;
  tensorBoard?: boolean;
}): Promise<{ folder: string; rows: LogEntry[]; said: LogEntry[] }> {
  const folder = join(temporaryFolder(), 'run');
  const said: LogEntry[] = [];
  const log = await RunLog.open({ folder, loggingSteps: every, tensorBoard }, (entry) => said.push(entry));
  const state = freshState(maxSteps);
  await log.onStart({ state });
  for (let step = 1; step <= steps; step++) await log.onStep(report(state, step));
  await log.onEvaluate({ state, loss: 1.5, accuracy: 0.25, metrics: {}, samples: 8, seconds: 2 });
  await log.onEnd(state);
  const text = readFileSync(join(folder, 'logging.jsonl'), 'utf8').trim();
  const rows = text.split('\n').map((line) => JSON.parse(line) as LogEntry);
  expect(said).toEqual(rows);
  expect(state.log_history).toEqual(rows);
  return { folder, rows, said };
}

const steps = (rows: readonly LogEntry[]): unknown[] =>
  rows.filter(({ loss }) => loss !== undefined).map((row) => row['global_step/max_steps']);

test('the first step, every so many, and the last are logged', async () => {
  const { rows } = await logged({ steps: 8, maxSteps: 8, every: 3 });
  expect(steps(rows)).toEqual(['1/8', '3/8', '6/8', '8/8']);
});

test('a run that ends early logs the step it ended with', async () => {
  const { rows } = await logged({ steps: 5, maxSteps: 8, every: 3 });
  expect(steps(rows)).toEqual(['1/8', '3/8', '5/8']);
});

test('rows have the names of SWIFT 2.4 and means over their steps', async () => {
  const { rows } = await logged({ steps: 4, maxSteps: 4, every: 4 });
  const [, last, evaluation] = rows;
  const common = ['epoch', 'global_step/max_steps', 'percentage', 'elapsed_time', 'remaining_time'];
  const train = [
    'loss',
    'acc',
    'train_speed(iter/s)',
    'tokens_per_second',
    'grad_norm',
    'learning_rate',
    'memory(GiB)',
    'peak_memory(GiB)',
  ];
  expect(Object.keys(last)).toEqual([...train, ...common]);
  expect(Object.keys(evaluation)).toEqual([
    ...['eval_loss', 'eval_acc', 'eval_runtime', 'eval_samples_per_second'],
    ...common,
  ]);
  // Steps 2, 3 and 4 since the entry of step 1.
  expect(last).toMatchObject({
    loss: 3,
    acc: 0.5,
    grad_norm: 0.5,
    learning_rate: 1e-4,
    percentage: '100.00%',
    epoch: 1,
  });
  expect(last).toMatchObject({ 'train_speed(iter/s)': 2, tokens_per_second: 40, remaining_time: '0s' });
  expect(evaluation).toMatchObject({ eval_loss: 1.5, eval_acc: 0.25, eval_samples_per_second: 4 });
});

test('TensorBoard events and curves are written when wanted', async () => {
  const { folder } = await logged({ steps: 3, maxSteps: 3, every: 1, tensorBoard: true });
  const [events, ...others] = readdirSync(join(folder, 'runs'));
  expect(others).toEqual([]);
  expect(events).toMatch(/^events\.out\.tfevents\.\d+\./);
  const bytes = readFileSync(join(folder, 'runs', events));
  expect(statSync(join(folder, 'runs', events)).size).toBeGreaterThan(200);
  for (const tag of ['train/loss', 'train/learning_rate', 'eval/loss'])
    expect(bytes.includes(tag)).toBe(true);
  expect(readdirSync(join(folder, 'images')).sort()).toEqual(
    ['train_acc', 'train_grad_norm', 'train_learning_rate', 'train_loss'].map((n) => `${n}.svg`),
  );
  const plain = await logged({ steps: 1, maxSteps: 1, every: 1 });
  expect(readdirSync(plain.folder).sort()).toEqual(['images', 'logging.jsonl']);
});

test('durations', () => {
  const shown = [-1, 0, 0.4, 59.6, 61, 3599, 3600, 90_061].map(duration);
  expect(shown).toEqual(['0s', '0s', '0s', '1m 0s', '1m 1s', '59m 59s', '1h 0m', '25h 1m']);
});

test('a run that goes on in its own folder takes back the steps it does again', async () => {
  const { folder } = await logged({ steps: 6, maxSteps: 8, every: 1 });
  const path = join(folder, 'logging.jsonl');
  appendFileSync(path, '{"loss": 7, "global_step/max_st');
  const log = await RunLog.open({ folder, loggingSteps: 1, tensorBoard: false }, () => undefined);
  const state = { ...freshState(8), global_step: 3 };
  await log.onStart({ state });
  for (let step = 4; step <= 8; step++) await log.onStep(report(state, step));
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  expect(steps(rows.map((line) => JSON.parse(line) as LogEntry))).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `${step}/8`),
  );
});

test('a run that goes on inside an interval logs the mean over all of it', async () => {
  const folder = join(temporaryFolder(), 'run');
  const open = () => RunLog.open({ folder, loggingSteps: 4, tensorBoard: false }, () => undefined);
  const state = freshState(8);
  const first = await open();
  await first.onStart({ state });
  for (const step of [1, 2, 3]) await first.onStep(report(state, step));
  const saved = JSON.parse(JSON.stringify(state)) as TrainerState;
  const second = await open();
  await second.onStart({ state: saved });
  await second.onStep(report(saved, 4));
  // The first step is logged by itself.
  expect(saved.log_history.at(-1)).toMatchObject({ loss: (2 + 3 + 4) / 3, 'global_step/max_steps': '4/8' });
});
