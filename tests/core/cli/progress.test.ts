import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from '../../../core/cli/progress.js';
import { TerminalLog } from '../../../core/cli/terminal.js';
import type { StepReport } from '../../../core/train/observer.js';
import { freshState } from '../../../core/train/state.js';

let said = '';
const { isTTY, columns } = process.stderr;

beforeEach(() => {
  said = '';
  vi.stubEnv('NO_COLOR', '1');
  vi.stubEnv('TERM', 'xterm');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  Object.assign(process.stderr, { isTTY, columns });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const state = { ...freshState(4), global_step: 2 };
const STEP: StepReport = {
  state,
  loss: 1.25,
  correct: 1,
  metrics: {},
  supervised: 2,
  tokens: 30,
  gradientNorm: 1,
  learningRate: 1e-4,
  seconds: 0.5,
};
const ENTRY = {
  loss: 1.25,
  acc: 0.5,
  learning_rate: 1e-4,
  grad_norm: 0.75,
  tokens_per_second: 60,
  'memory(GiB)': 0.5,
  'global_step/max_steps': '2/4',
  remaining_time: '3s',
};

function run(plain = false): void {
  const progress = new Progress(plain);
  progress.onStart({ state: freshState(4), stepsPerEpoch: 2, rows: 8, trainable: 20480 });
  progress.onStep(STEP);
  progress.entry(ENTRY);
  progress.onEvaluate({ state, loss: 2, accuracy: 0.125, metrics: {}, samples: 1, seconds: 1 });
  progress.close();
}

const LINES = [
  'training: 4 steps (2 per epoch), 8 samples, 20,480 trained values',
  'step 2/4  loss 1.2500  acc 0.500  lr 1.00e-4  grad_norm 0.75  60 tok/s  0.50 GiB  3s left',
  'step 2: eval_loss 2.0000, eval_acc 0.125',
];

describe('without a terminal', () => {
  beforeEach(() => void (process.stderr.isTTY = false));

  test('one plain line for each entry of the log', () => {
    run();
    expect(said).toBe(LINES.map((line) => `${line}\n`).join(''));
  });

  test('a resumed run says from where', () => {
    new Progress(false).onStart({ state, stepsPerEpoch: 2, rows: 8, trainable: 1 });
    expect(said).toContain(', going on from step 2\n');
  });

  test('a warning is said once', () => {
    const log = new TerminalLog();
    for (const text of ['a', 'b', 'a', 'a']) log.warn(text);
    log.info('a');
    log.info('a');
    expect(said).toBe('warning: a\nwarning: b\na\na\n');
  });
});

describe('on a terminal', () => {
  beforeEach(() => Object.assign(process.stderr, { isTTY: true, columns: 100 }));

  /** What a terminal shows in the end. */
  const shown = (): string[] =>
    said.split('\n').map((line) => line.slice(line.lastIndexOf('\u001b[2K') + 1).replace('[2K', ''));

  test('a bar that stays below the evaluations', () => {
    run();
    const [start, evaluation, bar, rest] = shown();
    expect([start, evaluation, rest]).toEqual([LINES[0], LINES[2], '']);
    expect(bar).toMatch(/^━{12}╌{12} 2\/4 {2}loss 1\.2500 {2}\S+ left {2}60 tok\/s {2}\d\.\d\d GiB$/);
  });

  test('it never wraps, nor shows when plain lines are wanted', () => {
    process.stderr.columns = 50;
    run();
    for (const line of shown().slice(1)) expect(line.length).toBeLessThanOrEqual(50);
    said = '';
    run(true);
    expect(shown()).toEqual([...LINES, '']);
  });

  test('a warning takes the place of the bar', () => {
    const progress = new Progress(false);
    progress.onStart({ state: freshState(4), stepsPerEpoch: 2, rows: 8, trainable: 1 });
    progress.onStep(STEP);
    new TerminalLog().warn('careful');
    expect(shown()[1]).toBe('warning: careful');
  });
});
