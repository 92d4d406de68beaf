import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratch, swift, TINY } from './swift.js';

const cwd = scratch();
const write = (name: string, rows: readonly object[]): void =>
  writeFileSync(join(cwd, name), rows.map((row) => JSON.stringify(row)).join('\n'));
const row = (i: number): object => ({ query: `What is ${i} and ${i + 1}?`, response: `It is ${2 * i + 1}.` });

const some = Array.from({ length: 9 }, (_, i) => row(i));
some.splice(2, 0, { query: 'too long', response: 'word '.repeat(400) });
write('some.jsonl', some);
write('more.jsonl', [row(20), { query: 'x' }, row(21)]);

const FLAGS: Readonly<Record<string, string>> = {
  '--model': TINY,
  '--max_length': '256',
  '--max_steps': '8',
  '--batch_size': '2',
  '--gradient_accumulation_steps': '1',
  '--logging_steps': '1',
  '--save_steps': '3',
  '--save_total_limit': '9',
  '--lora_dropout_p': '0.1',
  '--dataset_test_ratio': '0',
  '--check_dataset_strategy': 'discard',
  '--add_output_dir_suffix': 'false',
};

/** Datasets, and flags that replace those above. */
function run(folder: string, datasets: readonly string[], flags: Readonly<Record<string, string>> = {}) {
  const all = { ...FLAGS, '--output_dir': folder, ...flags };
  return swift(['sft', '--dataset', ...datasets, ...Object.entries(all).flat()], { cwd });
}

const STREAMING = { '--streaming': 'true' };
const adapter = (folder: string, step: number): Buffer =>
  readFileSync(join(cwd, folder, `checkpoint-${step}`, 'adapter_model.safetensors'));

describe('a set that fits into a window', () => {
  const datasets = ['some.jsonl', 'more.jsonl'];

  test('trains the adapter that it trains in memory, bit for bit, over several passes', () => {
    const memory = run('memory', datasets);
    const streamed = run('streamed', datasets, STREAMING);
    expect([memory.status, streamed.status], streamed.stderr).toEqual([0, 0]);
    for (const step of [3, 6, 8]) expect(adapter('streamed', step)).toEqual(adapter('memory', step));
    expect(streamed.stderr).toContain(
      'training data: some.jsonl: 10 read, 9 kept, 1 dropped (1 longer than max_length)',
    );
    expect(streamed.stderr).toMatch(/training data: more\.jsonl: 3 read, 2 taken, 2 kept, 1 dropped/);
  });

  test('so it does packed', () => {
    const packed = { '--packing': 'true' };
    expect(run('packed-memory', datasets, packed).status).toBe(0);
    expect(run('packed', datasets, { ...packed, ...STREAMING }).status).toBe(0);
    expect(adapter('packed', 8)).toEqual(adapter('packed-memory', 8));
  });
});

describe('a set of several windows', () => {
  const windows = { ...STREAMING, '--shuffle_buffer_size': '4' };

  beforeAll(() => {
    const { status, stderr } = run('whole', ['some.jsonl'], windows);
    expect(status, stderr).toBe(0);
  });

  test('is gone on from at any checkpoint, bit for bit', () => {
    for (const step of ['3', '6']) {
      const from = { '--resume_from_checkpoint': join('whole', `checkpoint-${step}`) };
      const { status, stderr } = run(`from-${step}`, ['some.jsonl'], { ...windows, ...from });
      expect(status, stderr).toBe(0);
      expect(adapter(`from-${step}`, 8)).toEqual(adapter('whole', 8));
    }
  });

  test('is another run with another window, or other data', () => {
    const from = { '--resume_from_checkpoint': join('whole', 'checkpoint-6') };
    const other = run('other', ['some.jsonl'], { ...windows, ...from, '--shuffle_buffer_size': '5' });
    expect(other.stderr).toContain('streaming_buffer_size: was 4, is 5');
    expect(other.status).toBe(2);
    for (const data of [['some.jsonl#8'], ['more.jsonl'], ['some.jsonl', 'more.jsonl']]) {
      const { status, stderr } = run('other', data, { ...windows, ...from });
      expect(stderr).toContain('the training data is not what the checkpoint was trained on');
      expect(status).toBe(2);
    }
  });

  test('#rows takes the first ones; streaming_val_size the head for evaluation', () => {
    const { status, stderr } = run('first', ['some.jsonl#7'], { ...windows, '--streaming_val_size': '2' });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('validation data: some.jsonl#7: 2 read, 2 kept');
    expect(stderr).toContain('training data: some.jsonl#7: 5 read, 4 kept');
    expect(stderr).toMatch(/eval_loss/);
  });
});

test('a bad row far in stops the run, with all that was learned before it kept', () => {
  const rows = Array.from({ length: 130 }, (_, i) => (i === 119 ? { foo: i } : row(i)));
  write('far.jsonl', rows);
  const flags = {
    ...STREAMING,
    '--streaming_buffer_size': '10',
    '--max_steps': '32',
    '--batch_size': '4',
    '--save_steps': '100',
    '--check_dataset_strategy': 'none',
  };
  const stopped = run('stopped', ['far.jsonl'], flags);
  expect(stopped.stderr).toMatch(/far\.jsonl:120: /);
  expect(stopped.stderr).not.toMatch(/\n\s+at /);
  expect(stopped.status).toBe(2);
  const [checkpoint] = readdirSync(join(cwd, 'stopped')).filter((name) => name.startsWith('checkpoint'));
  const discarding = { ...flags, '--check_dataset_strategy': 'discard' };
  const resume = { ...discarding, '--resume_from_checkpoint': join('stopped', checkpoint) };
  expect(run('resumed', ['far.jsonl'], resume).status).toBe(0);
  expect(run('discarded', ['far.jsonl'], discarding).status).toBe(0);
  expect(adapter('resumed', 32)).toEqual(adapter('discarded', 32));
});

test('what a stream cannot do is refused before anything is read; what has no effect is said', () => {
  const endless = run('refused', ['some.jsonl'], { ...STREAMING, '--max_steps': '-1' });
  expect(endless.stderr).toContain('Say it: --max_steps 1000');
  expect(endless.status).toBe(2);
  const ratio = run('ratio', ['some.jsonl'], {
    ...STREAMING,
    '--dataset_test_ratio': '0.2',
    '--max_steps': '1',
  });
  expect(ratio.stderr).toContain('dataset_test_ratio has no effect');
  const idle = run('idle', ['some.jsonl'], { '--streaming_buffer_size': '5', '--max_steps': '1' });
  expect(idle.stderr).toContain('streaming_buffer_size has no effect');
  const held = run('held', ['some.jsonl'], { ...STREAMING, '--streaming_val_size': '10' });
  expect(held.stderr).toContain('--streaming_val_size 10: the data have 10 rows');
  expect(held.status).toBe(2);
  write('none.jsonl', []);
  appendFileSync(join(cwd, 'none.jsonl'), '\n');
  const none = run('none', ['none.jsonl'], STREAMING);
  expect(none.stderr).toContain('There are no rows in none.jsonl');
  expect(none.status).toBe(2);
});
