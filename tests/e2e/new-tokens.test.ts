import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch, swift, TINY } from './swift.js';

const cwd = scratch();
writeFileSync(join(cwd, 'tokens.txt'), '<think>\n</think>\n');
writeFileSync(
  join(cwd, 'rows.jsonl'),
  Array.from({ length: 12 }, (_, i) =>
    JSON.stringify({ query: `What is ${i}?`, response: `<think>It is ${i}.</think>A number.` }),
  ).join('\n'),
);

const TRAIN: Readonly<Record<string, string>> = {
  '--model': TINY,
  '--dataset': 'rows.jsonl',
  '--dataset_test_ratio': '0',
  '--save_steps': '2',
  '--batch_size': '2',
  '--gradient_accumulation_steps': '1',
  '--max_steps': '4',
  '--add_output_dir_suffix': 'false',
  '--learning_rate': '1e-2',
};
const trainWith = (folder: string, flags: Readonly<Record<string, string>>, ...more: readonly string[]) =>
  swift(['sft', ...Object.entries({ ...TRAIN, ...flags, '--output_dir': folder }).flat(), ...more], { cwd });
const run = (...argv: readonly string[]) => checked(swift(argv, { cwd }));
function checked<R extends ReturnType<typeof swift>>(done: R): R {
  expect(done.status, done.stderr).toBe(0);
  return done;
}
const file = (...path: readonly string[]): Buffer => readFileSync(join(cwd, ...path));

describe.each([
  ['lora', 'adapter_model.safetensors'],
  ['full', 'model.safetensors'],
])('new special tokens and %s', (tuner, weights) => {
  const folder = (name: string): string => `${tuner}-${name}`;

  test('train, are gone on with bit for bit, asked, and merged', () => {
    const tokens = ['--new_special_tokens', '<think>', '</think>'];
    const whole = folder('whole');
    const trained = checked(trainWith(whole, { '--sft_type': tuner }, ...tokens));
    expect(trained.stderr).toContain('2 tokens are new (ids 1024, 1025)');
    const from = { '--resume_from_checkpoint': `${whole}/checkpoint-2` };
    checked(trainWith(folder('on'), { '--sft_type': tuner, ...from }, ...tokens));
    expect(file(folder('on'), 'checkpoint-4', weights)).toEqual(file(whole, 'checkpoint-4', weights));
    const named = JSON.parse(file(whole, 'checkpoint-4/tokenizer.json').toString()) as {
      added_tokens: readonly { content: string; id: number }[];
    };
    expect(named.added_tokens.slice(-2).map(({ content, id }) => [content, id])).toEqual([
      ['<think>', 1024],
      ['</think>', 1025],
    ]);
    const ask = ['--val_dataset', 'rows.jsonl#1', '--temperature', '0', '--max_new_tokens', '4'];
    const answer = (folder: string): unknown => {
      const [name] = readdirSync(join(cwd, folder)).filter((one) => one.endsWith('.jsonl'));
      return (JSON.parse(file(folder, name).toString().split('\n')[0]) as { response: unknown }).response;
    };
    run('infer', '--ckpt_dir', `${whole}/checkpoint-4`, ...ask, '--result_path', `${whole}-said`);
    if (tuner === 'full') return;
    run(
      'export',
      '--ckpt_dir',
      `${whole}/checkpoint-4`,
      '--merge_lora',
      'true',
      '--output_dir',
      `${whole}-merged`,
    );
    const config = JSON.parse(file(`${whole}-merged/config.json`).toString()) as object;
    expect(config).toMatchObject({ vocab_size: 1026, tie_word_embeddings: false });
    run('infer', '--ckpt_dir', `${whole}-merged`, ...ask, '--result_path', 'merged-said');
    expect(answer('merged-said')).toBe(answer(`${whole}-said`));
  });
});

test('a file has one on each line, and args.json says them; inspect shows their ids', () => {
  const listed = ['--new_special_tokens', 'tokens.txt'];
  checked(trainWith('listed', { '--max_steps': '1' }, ...listed));
  expect(JSON.parse(file('listed/args.json').toString())).toMatchObject({
    new_special_tokens: ['<think>', '</think>'],
  });
  const shown = run('inspect', '--model', TINY, '--dataset', 'rows.jsonl', ...listed);
  expect(shown.stdout).toMatch(/input_ids .*1024,.*1025,/);
  const none = trainWith('none', {}, '--new_special_tokens', 'none.txt');
  expect(none.stderr).toContain("there is no file 'none.txt'");
  expect(none.status).toBe(2);
});

test('what is quantized keeps its codes; embedding and head train in float32', () => {
  checked(trainWith('int8', { '--quant_bits': '8', '--max_steps': '1' }, '--new_special_tokens', '<think>'));
});
