import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathAfter, QUICKSTART, scratch, swift, TINY } from './swift.js';

const FLAGS = ['--max_new_tokens', '12', '--temperature', '0'];
const cwd = scratch();
const train = (type: string, rate: string, ...more: readonly string[]): string => {
  const run = swift(
    [
      ...['sft', '--model', TINY, '--dataset', QUICKSTART, '--sft_type', type, '--learning_rate', rate],
      ...['--target_modules', 'ALL', '--batch_size', '8', '--gradient_accumulation_steps', '1'],
      ...['--max_steps', '6', '--output_dir', type, ...more],
    ],
    { cwd },
  );
  return pathAfter('last_model_checkpoint', run.stdout);
};
const QUERIES = ['Who are you?', 'Hello', 'What is the capital of France?'];
const ask = (...which: string[]): string => {
  const { status, stdout } = swift(['infer', ...which, ...FLAGS], { cwd, input: QUERIES.join('\n') });
  expect(status).toBe(0);
  return stdout;
};

test('an adapter, folded in on the fly, and merged into a folder answer alike, unlike the base', () => {
  const adapter = train('lora', '1e-2');
  const tuned = ask('--ckpt_dir', adapter);
  expect(tuned).not.toBe(ask('--model', TINY));
  expect(ask('--ckpt_dir', adapter, '--merge_lora', 'true')).toBe(tuned);
  const merged = swift(['export', '--ckpt_dir', adapter, '--merge_lora', 'true'], { cwd });
  expect(ask('--ckpt_dir', pathAfter('merged model', merged.stdout))).toBe(tuned);
  const again = swift(['export', '--ckpt_dir', adapter, '--merge_lora', 'true'], { cwd });
  expect(again.stderr).toContain('exists already');
  expect(again.status).toBe(2);
});

test('a full checkpoint is a ckpt_dir too; answers to a dataset go below it', () => {
  const full = train('full', '3e-3');
  expect(ask('--ckpt_dir', full)).toBe(ask('--model', full));
  expect(ask('--ckpt_dir', full)).not.toBe(ask('--model', TINY));
  mkdirSync(join(cwd, 'data'));
  writeFileSync(join(cwd, 'data', 'q.txt'), 'Hello\n');
  const run = swift(['infer', '--ckpt_dir', full, '--val_dataset', 'data', ...FLAGS], { cwd });
  expect(run.stdout).toMatch(/^1 answer: /m);
  expect(readdirSync(join(full, 'infer_result'))).toHaveLength(1);
});

test.each(['lora', 'full'])(
  'a %s checkpoint of stretched positions is stretched again, without being told',
  (type) => {
    for (const kind of ['yarn', 'dynamic']) {
      const flags = ['--rope_scaling', kind, '--max_model_len', '2000'];
      const checkpoint = train(type, '1e-3', ...flags);
      const told = ask('--ckpt_dir', checkpoint);
      expect(ask('--ckpt_dir', checkpoint, ...flags)).toBe(told);
      const output = join(cwd, `${type}-${kind}`);
      if (type === 'full') continue;
      const merged = swift(
        ['export', '--ckpt_dir', checkpoint, '--merge_lora', 'true', '--output_dir', output],
        { cwd },
      );
      expect(merged.stderr).toContain('patched by rope-scaling');
      expect(ask('--ckpt_dir', output)).toBe(told);
    }
  },
);
