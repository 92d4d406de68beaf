import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeLetters } from './letters.js';
import { QUICKSTART, scratch, startSwift, swift, TINY } from './swift.js';

const cwd = scratch();

writeLetters(cwd);

/** @param flags in place of those here */
function wordsOf(output_file: string, flags: Readonly<Record<string, string>> = {}): string[] {
  const all = {
    ...{ model: TINY, dataset: `${QUICKSTART}#6`, output_dir: 'out', output_file },
    ...{ plugins: './letters.ts', reward_funcs: 'letters', num_return_sequences: '6', n_best_to_keep: '2' },
    ...{ max_new_tokens: '16', temperature: '2', top_p: '1', top_k: '200' },
    ...flags,
  };
  return ['sample', ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])];
}

interface Line {
  readonly id: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly rejected_response?: string;
  readonly reward?: number;
}

const lines = (name: string): Line[] =>
  readFileSync(join(cwd, 'out', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const share = (text: string): number => (text.match(/e/g) ?? []).length / Math.max(1, text.length);

test('the best answers become rows that are trained on', () => {
  const run = swift(wordsOf('best.jsonl'), { cwd });
  expect(run.stderr).toContain('[6/6]');
  const rows = lines('best.jsonl');
  expect(run.stdout).toContain(`${rows.length} answers of 6 rows`);
  const byRow = new Map<string, Line[]>();
  for (const row of rows) byRow.set(row.id, [...(byRow.get(row.id) ?? []), row]);
  expect(byRow.size).toBeGreaterThan(1);
  for (const own of byRow.values()) {
    expect(own.length).toBeLessThanOrEqual(2);
    for (const { messages, reward, rejected_response } of own) {
      const answer = messages.at(-1)!;
      expect(answer.role).toBe('assistant');
      expect(reward).toBeCloseTo(share(answer.content), 12);
      if (rejected_response !== undefined) expect(reward!).toBeGreaterThan(share(rejected_response));
    }
    expect(own.map(({ reward }) => reward)).toEqual(
      [...own.map(({ reward }) => reward!)].sort((a, b) => b - a),
    );
  }
  expect(rows.some(({ rejected_response }) => rejected_response !== undefined)).toBe(true);
  // Where all answers are alike there is no pair.
  const flags = [
    '--check_dataset_strategy',
    'discard',
    '--dataset',
    'out/best.jsonl',
    '--max_steps',
    '1',
    '--dataset_test_ratio',
    '0',
  ];
  const trained = swift(['rlhf', '--rlhf_type', 'dpo', '--model', TINY, ...flags], { cwd });
  expect(trained.status).toBe(0);
  const again = swift(wordsOf('best.jsonl'), { cwd });
  expect(again.status).toBe(2);
  expect(again.stderr).toContain('--override_exist_file true');
});

test('a run that was killed goes on to the same file', async () => {
  const child = startSwift(wordsOf('killed.jsonl'), { cwd });
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (data: Buffer) => {
      if (!data.toString().includes('[2/6]')) return;
      child.kill('SIGKILL');
      resolve();
    });
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(existsSync(join(cwd, 'out', 'killed.jsonl'))).toBe(false);
  appendFileSync(join(cwd, 'out', 'killed.jsonl.journal'), '{"id":"');
  const on = swift(wordsOf('killed.jsonl', { resume: 'true', num_sampling_batch_size: '2' }), { cwd });
  expect(on.stderr).not.toContain('[2/6]');
  expect(readFileSync(join(cwd, 'out', 'killed.jsonl'), 'utf8')).toBe(
    readFileSync(join(cwd, 'out', 'best.jsonl'), 'utf8'),
  );
});

test('where nothing judges, all answers are kept', () => {
  const { reward_funcs: _, ...flags } = { reward_funcs: '', num_return_sequences: '3' };
  const words = wordsOf('all.jsonl', { ...flags, dataset: `${QUICKSTART}#2` });
  words.splice(words.indexOf('--reward_funcs'), 2);
  swift(words, { cwd });
  const rows = lines('all.jsonl');
  expect(rows).toHaveLength(6);
  for (const row of rows) expect(Object.keys(row)).toEqual(['id', 'messages']);
});
