import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pathAfter, scratch, swift, TINY } from './swift.js';

const cwd = scratch();
const pairs = [
  ['What is your name?', 'I am Robin.', 'I have no name at all.'],
  ['Say hello.', 'Hello!', 'No.'],
  ['Which colour is the sky?', 'Blue.', 'Green, I think.'],
  ['Count to three.', 'One, two, three.', 'Three, one.'],
] as const;
writeFileSync(
  join(cwd, 'pairs.jsonl'),
  pairs
    .map(([query, response, rejected_response]) => JSON.stringify({ query, response, rejected_response }))
    .join('\n'),
);

const FLAGS: Readonly<Record<string, string>> = {
  '--model': TINY,
  '--rlhf_type': 'dpo',
  '--dataset': 'pairs.jsonl',
  '--dataset_test_ratio': '0',
  '--batch_size': '2',
  '--gradient_accumulation_steps': '1',
  '--logging_steps': '1',
  '--save_steps': '4',
  '--learning_rate': '1e-3',
  '--add_output_dir_suffix': 'false',
};

/** The words of a run, in which flags given replace those above. */
function words(folder: string, flags: readonly string[]): string[] {
  const given = flags.flatMap((flag, i) => (i % 2 === 0 ? [[flag, flags[i + 1]] as const] : []));
  const all = { ...FLAGS, '--output_dir': folder, ...Object.fromEntries(given) };
  return ['rlhf', ...Object.entries(all).flat()];
}

interface Row {
  readonly loss?: number;
  readonly acc?: number;
  readonly [measure: string]: unknown;
}

const log = (folder: string): Row[] =>
  readFileSync(join(cwd, folder, 'logging.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const run = (folder: string, ...flags: readonly string[]) => swift(words(folder, flags), { cwd });

/** Exit code 2, said so, nothing written. */
function refused(flags: readonly string[], ...said: readonly (string | RegExp)[]): void {
  const before = readdirSync(cwd);
  const { status, stderr } = swift(words('refused', flags), { cwd });
  for (const text of said) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(2);
  expect(readdirSync(cwd)).toEqual(before);
}

describe('dpo of an adapter', () => {
  beforeAll(() => {
    const { status, stderr } = run('whole', '--max_steps', '8');
    expect(stderr).toMatch(/rewards\/accuracies/);
    expect(status).toBe(0);
  });

  test('begins at log 2 and learns the preferences; measures are logged, token accuracy is not', () => {
    const rows = log('whole');
    expect(rows[0].loss).toBeCloseTo(Math.LN2, 5);
    expect(rows[0]['rewards/margins']).toBeCloseTo(0, 5);
    expect(rows.at(-1)!.loss).toBeLessThan(0.5);
    expect(rows.at(-1)!['rewards/accuracies']).toBe(1);
    expect(rows.every(({ acc }) => acc === undefined)).toBe(true);
    expect(readdirSync(join(cwd, 'whole', 'images'))).toContain('train_rewards_margins.svg');
  });

  test('goes on from a checkpoint to the same adapter, bit for bit', () => {
    const resumed = run('resumed', '--max_steps', '8', '--resume_from_checkpoint', 'whole/checkpoint-4');
    expect(resumed.stderr).toContain('going on from step 4');
    expect(resumed.status).toBe(0);
    const adapter = (folder: string) =>
      readFileSync(join(cwd, folder, 'checkpoint-8/adapter_model.safetensors'));
    expect(adapter('resumed').equals(adapter('whole'))).toBe(true);
  });

  test('a reference asked before training is the same one, and goes on alike', () => {
    const flags = ['--max_steps', '8', '--precompute_ref_log_probs', 'true'];
    const asked = run('asked', ...flags);
    expect(asked.stderr).toContain('reference model: 4 of 4 samples');
    log('asked').forEach(({ loss }, i) => expect(loss).toBeCloseTo(log('whole')[i].loss!, 4));
    expect(run('asked-on', ...flags, '--resume_from_checkpoint', 'asked/checkpoint-4').status).toBe(0);
    const adapter = (folder: string) =>
      readFileSync(join(cwd, folder, 'checkpoint-8/adapter_model.safetensors'));
    expect(adapter('asked-on').equals(adapter('asked'))).toBe(true);
  });

  test('answers with its adapter', () => {
    const ask = ['infer', '--ckpt_dir', 'whole/checkpoint-8', '--query', 'Say hello.', '--temperature', '0'];
    expect(swift(ask, { cwd }).status).toBe(0);
  });
});

test('what trains in place is held against what it was: the base itself as the reference gives the same run', () => {
  const flags = ['--max_steps', '4', '--modules_to_save', 'norm'];
  expect(run('own', ...flags).status).toBe(0);
  expect(run('given', ...flags, '--ref_model', TINY).status).toBe(0);
  expect(log('own').map(({ loss }) => loss)).toEqual(log('given').map(({ loss }) => loss));
  expect(log('own').at(-1)!.loss).toBeLessThan(Math.LN2);
});

test('full tuning is held against the base model, also when it goes on from a checkpoint', () => {
  const flags = ['--sft_type', 'full', '--max_steps', '8', '--learning_rate', '1e-4'];
  const whole = run('full', ...flags);
  expect(whole.status).toBe(0);
  expect(log('full')[0].loss).toBeCloseTo(Math.LN2, 5);
  const resumed = run('full-on', ...flags, '--resume_from_checkpoint', 'full/checkpoint-4');
  expect(resumed.status).toBe(0);
  const model = (folder: string) => readFileSync(join(cwd, folder, 'checkpoint-8/model.safetensors'));
  expect(model('full-on').equals(model('full'))).toBe(true);
});

test('a reference model whose tokens are others, or that has NaN in its weights, is no reference', () => {
  const shuffled = join(cwd, 'shuffled');
  cpSync(TINY, shuffled, { recursive: true });
  const path = join(shuffled, 'tokenizer.json');
  const tokenizer = JSON.parse(readFileSync(path, 'utf8')) as { model: { vocab: Record<string, number> } };
  const { vocab } = tokenizer.model;
  [vocab.a, vocab.e] = [vocab.e, vocab.a];
  writeFileSync(path, JSON.stringify(tokenizer));
  const other = run('refused', '--ref_model', 'shuffled');
  expect(other.stderr).toMatch(/token \d+ is "[ae]", and "[ae]" to the reference model shuffled/);
  expect(other.status).toBe(2);

  const damaged = join(cwd, 'damaged');
  cpSync(TINY, damaged, { recursive: true });
  const weights = readFileSync(join(damaged, 'model.safetensors'));
  const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE(0))).toString()) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [start, end] = header['model.embed_tokens.weight'].data_offsets;
  const first = 8 + Number(weights.readBigUInt64LE(0));
  for (let at = first + start; at < first + end; at += 2) weights.writeUInt16LE(0x7fc0, at);
  writeFileSync(join(damaged, 'model.safetensors'), weights);
  const nan = run('nan', '--ref_model', 'damaged', '--max_steps', '1');
  expect(nan.stderr).toMatch(/NON_FINITE_WEIGHT.*the reference model/);
  expect(nan.status).toBe(1);
});

describe('is refused', () => {
  test('rows without a worse answer', () => {
    writeFileSync(join(cwd, 'good.jsonl'), '{"query":"a","response":"b"}\n');
    refused(['--dataset', 'good.jsonl'], /good\.jsonl:1.*no worse answer/s, 'rejected_response');
  });
  test('a trainer of another command, and one that there is not', () => {
    refused(['--rlhf_type', 'sft'], 'trainer of swift sft', 'dpo');
    refused(['--rlhf_type', 'dpoo'], /UNKNOWN_PLUGIN/, 'dpo');
  });
  test('training in place what lies on disk', () =>
    refused(['--offload_weights', 'true', '--sft_type', 'full'], 'lies on disk and cannot train'));
  test('options out of range, and those of another command', () => {
    refused(['--beta', '0'], /--beta.*above 0/s);
    refused(['--packing', 'true'], /UNKNOWN_ARGUMENT|BAD_ARGUMENT/);
  });
  test('a revision of no reference model, and another one for a run that goes on', () => {
    refused(['--ref_model_revision', 'main'], '--ref_model_revision is given without a reference model');
    cpSync(TINY, join(cwd, 'other'), { recursive: true });
    const weights = join(cwd, 'other', 'model.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(weights, bytes);
    const { stderr, status } = run(
      'again',
      '--ref_model',
      'other',
      '--resume_from_checkpoint',
      'own/checkpoint-4',
    );
    expect(stderr).toMatch(/RESUME_MISMATCH/);
    expect(status).toBe(2);
  });
});

test('sft knows whose the arguments of preferences are', () => {
  const { stderr, status } = swift(['sft', '--model', TINY, '--dataset', 'pairs.jsonl', '--beta', '0.2'], {
    cwd,
  });
  expect(stderr).toMatch(/'beta' is of trainer cpo, dpo, .*simpo, and sft is chosen/);
  expect(status).toBe(2);
});

test('the checkpoint is what the output names', () => {
  const { stdout } = run('named', '--max_steps', '1');
  expect(pathAfter('last_model_checkpoint', stdout)).toBe(join(cwd, 'named', 'checkpoint-1'));
});
