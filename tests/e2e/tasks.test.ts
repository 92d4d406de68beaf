import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch, swift, TINY } from './swift.js';

const cwd = scratch();
const user = (content: string) => ({ role: 'user', content }) as const;
const write = (file: string, rows: readonly object[]): void =>
  writeFileSync(join(cwd, file), rows.map((row) => JSON.stringify(row)).join('\n'));

const said = [
  ['I love this film.', 1],
  ['I hate this film.', 0],
  ['A wonderful day.', 1],
  ['A terrible day.', 0],
] as const;
write(
  'classes.jsonl',
  said.map(([text, label]) => ({ messages: [user(text)], label })),
);
const facts = [
  ['What is the capital of France?', 'Paris is the capital.'],
  ['How many legs has a spider?', 'A spider has eight legs.'],
  ['Who wrote Hamlet?', 'Shakespeare wrote it.'],
  ['What do bees make?', 'Bees make honey.'],
] as const;
write(
  'facts.jsonl',
  facts.map(([question, answer]) => ({ messages: [user(question)], positive_messages: [[user(answer)]] })),
);

const FLAGS = {
  '--model': TINY,
  '--dataset_test_ratio': '0',
  '--batch_size': '4',
  '--gradient_accumulation_steps': '1',
  '--logging_steps': '1',
  '--learning_rate': '1e-2',
  '--add_output_dir_suffix': 'false',
};

const train = (folder: string, flags: Readonly<Record<string, string>>) =>
  swift(
    [
      'sft',
      ...Object.entries({ ...FLAGS, '--output_dir': folder, ...flags }).flatMap(([flag, value]) => [
        flag,
        ...(flag === '--verdict_tokens' ? value.split(' ') : [value]),
      ]),
    ],
    { cwd },
  );

const log = (folder: string): Readonly<Record<string, number>>[] =>
  readFileSync(join(cwd, folder, 'logging.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);

describe('a classifier', () => {
  test('learns classes, goes on as if nothing was, and says them when it is asked', () => {
    const flags = { '--task_type': 'seq_cls', '--num_labels': '2', '--dataset': 'classes.jsonl' };
    expect(train('whole', { ...flags, '--max_steps': '20', '--save_steps': '10' }).status).toBe(0);
    const rows = log('whole');
    expect(rows[0].loss).toBeCloseTo(Math.LN2, 0);
    expect(rows.at(-1)).toMatchObject({ acc: 1 });

    const gone = { ...flags, '--max_steps': '20', '--resume_from_checkpoint': 'whole/checkpoint-10' };
    expect(train('gone-on', gone).status).toBe(0);
    const weights = (folder: string) =>
      readFileSync(join(cwd, folder, 'checkpoint-20/adapter_model.safetensors'));
    expect(weights('gone-on').equals(weights('whole'))).toBe(true);

    const asked = ['infer', '--ckpt_dir', 'whole/checkpoint-20'];
    const one = swift([...asked, '--query', 'I love this film.'], { cwd });
    expect(one.stdout).toMatch(/^1 {2}\([01]\.\d{3} [01]\.\d{3}\)\n$/);
    expect(swift([...asked, '--val_dataset', 'classes.jsonl', '--result_dir', 'said'], { cwd }).status).toBe(
      0,
    );
    const [file] = readdirSync(join(cwd, 'said'));
    const lines = readFileSync(join(cwd, 'said', file), 'utf8')
      .trim()
      .split('\n');
    const judged = lines.map((line) => JSON.parse(line) as { response: number; probabilities: number[] });
    expect(judged.map(({ response }) => response)).toEqual(said.map(([, label]) => label));
    for (const {
      probabilities: [no, yes],
    } of judged)
      expect(no + yes).toBeCloseTo(1, 6);

    const merged = swift(
      ['export', '--ckpt_dir', 'whole/checkpoint-20', '--merge_lora', 'true', '--output_dir', 'one'],
      {
        cwd,
      },
    );
    expect(merged.status).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'one/config.json'), 'utf8'))).toMatchObject({
      architectures: ['LlamaForSequenceClassification'],
      problem_type: 'single_label_classification',
    });
    const again = swift(['infer', '--model', 'one', '--query', 'I love this film.'], { cwd });
    expect(again.stdout.slice(0, 1)).toBe('1');
    expect(again.stderr).not.toMatch(/of no use/);
  });

  test.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ '--task_type': 'seq_cls' }, /--num_labels is missing/],
    [{ '--num_labels': '2' }, /'num_labels' is of trainer seq_cls, and sft is chosen/],
    [{ '--task_type': 'dpo' }, /that is a trainer of swift rlhf/],
    [{ '--task_type': 'seq_cls', '--num_labels': '1', '--packing': 'true' }, /--packing true/],
    [
      { '--task_type': 'seq_cls', '--num_labels': '2', '--dataset': 'facts.jsonl' },
      /facts\.jsonl:1: .*no label/,
    ],
    [
      { '--task_type': 'generative_reranker', '--verdict_tokens': 'yess' },
      /--verdict_tokens yess: expected two different tokens/,
    ],
  ])('%o is refused', (flags, message) => {
    const { status, stderr } = train('refused', { '--dataset': 'classes.jsonl', ...flags });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

test('an embedding: a step is the same however it is split, and infer gives vectors of length 1', () => {
  const flags = { '--task_type': 'embedding', '--dataset': 'facts.jsonl', '--max_steps': '3' };
  expect(train('together', flags).status).toBe(0);
  expect(train('split', { ...flags, '--batch_size': '2', '--gradient_accumulation_steps': '2' }).status).toBe(
    0,
  );
  const [together, split] = [log('together'), log('split')];
  together.slice(0, 3).forEach(({ loss, margin }, i) => {
    expect(split[i].loss).toBeCloseTo(loss, 3);
    expect(split[i].margin).toBeCloseTo(margin, 3);
  });
  const { stdout } = swift(['infer', '--ckpt_dir', 'together/checkpoint-3', '--query', facts[0][0]], { cwd });
  expect(Math.hypot(...(JSON.parse(stdout) as number[]))).toBeCloseTo(1, 6);
});

describe('a generative reranker', () => {
  const other = (i: number): string => facts[(i + 1) % facts.length][1];
  const answer = (content: string) => ({ role: 'assistant', content }) as const;
  write(
    'ranks.jsonl',
    facts.map(([question, right], i) => ({
      messages: [user(question)],
      positive_messages: [[answer(right)]],
      negative_messages: [[answer(other(i))]],
    })),
  );
  write(
    'pairs.jsonl',
    facts.flatMap(([question, right], i) =>
      [right, other(i)].map((document) => ({ messages: [user(question), answer(document)] })),
    ),
  );
  const scores = (folder: string, flags: readonly string[] = []): number[] => {
    const asked = ['infer', ...flags, '--val_dataset', 'pairs.jsonl', '--result_dir', folder];
    const run = swift(asked, { cwd });
    expect(run.stderr).not.toMatch(/error/i);
    expect(run.status).toBe(0);
    const [file] = readdirSync(join(cwd, folder));
    return readFileSync(join(cwd, folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { response: number }).response);
  };

  test('learns which documents belong, and says so as probabilities or log-odds', () => {
    const flags = {
      '--task_type': 'generative_reranker',
      '--verdict_tokens': 'Good No',
      '--dataset': 'ranks.jsonl',
      '--max_steps': '40',
    };
    expect(train('verdicts', flags).status).toBe(0);
    const rows = log('verdicts');
    expect(rows.at(-2)!.loss).toBeLessThan(rows[0].loss / 4);

    const ckpt = ['--ckpt_dir', 'verdicts/checkpoint-40'];
    const likely = scores('probabilities', ckpt);
    likely.forEach((score, i) =>
      i % 2 === 0 ? expect(score).toBeGreaterThan(0.5) : expect(score).toBeLessThan(0.5),
    );
    const odds = scores('odds', [...ckpt, '--reranker_use_activation', 'false']);
    odds.forEach((score, i) => expect(1 / (1 + Math.exp(-score))).toBeCloseTo(likely[i], 6));
    const turned = scores('turned', [...ckpt, '--verdict_tokens', 'No', 'Good']);
    turned.forEach((score, i) => expect(score).toBeCloseTo(1 - likely[i], 6));
  });

  test.each<[readonly string[], RegExp]>([
    [['--model', TINY, '--task_type', 'reranker'], /--task_type reranker: the model has no head for scores/],
    [['--model', TINY, '--verdict_tokens', 'Good', 'No'], /only a generative_reranker answers with them/],
    [
      ['--model', TINY, '--task_type', 'generative_reranker', '--verdict_tokens', 'Good', 'nope'],
      /the tokenizer has no token 'nope'/,
    ],
    [['--model', TINY, '--task_type', 'generative_reranker'], /the tokenizer has no token 'yes'/],
    [['--ckpt_dir', 'verdicts/checkpoint-40'], /not one query with one document/],
  ])('%o is refused', (flags, message) => {
    const { status, stderr } = swift(['infer', ...flags, '--query', 'Who?'], { cwd });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
