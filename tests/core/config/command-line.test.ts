import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import { readConfigFile } from '../../../core/config/config-file.js';

const folder = mkdtempSync(join(tmpdir(), 'config-'));

function file(text: string, name = 'run.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Ten levels of ten aliases each. */
const BOMB = [...'abcdefghij', 'dataset']
  .map((name, i, names) => {
    const held = i === 0 ? 'x' : `*${names[i - 1]}`;
    return name === 'dataset'
      ? `dataset: ${held}\n`
      : `${name}: &${name} [${Array(10).fill(held).join(',')}]\n`;
  })
  .join('');

afterEach(() => {
  delete process.env.CONFIG_TEST_A;
  delete process.env.CONFIG_TEST_B;
});

describe('config file', () => {
  test('gives values with their lines', () => {
    const path = file('# comment\nlora_rank: 4\n\ndataset:\n  - a\n  - b#10\nlearning-rate: 1e-3\n');
    expect([...readConfigFile(path).values]).toEqual([
      ['lora_rank', { value: 4, place: `${path}:2: lora_rank` }],
      ['dataset', { value: ['a', 'b#10'], place: `${path}:4: dataset` }],
      ['learning_rate', { value: 1e-3, place: `${path}:7: learning_rate` }],
    ]);
  });

  test('may be JSON, or empty', () => {
    expect(commandLine('sft', [file('{ "lora_rank": 4 }', 'run.json')]).lora_rank).toBe(4);
    expect(commandLine('sft', [file('')]).lora_rank).toBe(8);
  });

  test('a fault in it names file, line and argument', () => {
    const path = file('model_type: x\nlora_rank: many\n');
    expect(() => commandLine('sft', [path])).toThrow(`${path}:2: lora_rank: 'many' is not a whole number`);
    const unknown = file('\nlora_rnk: 8\n');
    expect(() => commandLine('sft', [unknown])).toThrow(`${unknown}:2: lora_rnk: swift sft has no argument`);
  });

  test.each([
    ['broken YAML', 'a: [1, 2\nb: 3\n', 'BAD_FILE', 'line'],
    ['a key twice', 'seed: 1\nseed: 2\n', 'BAD_FILE', 'unique'],
    ['a list', '- a\n- b\n', 'BAD_FILE', 'expected a map of arguments'],
    ['an alias of nothing', 'dataset: *.jsonl\n', 'BAD_FILE', 'run.yaml:1: Unresolved alias'],
    ['an alias of itself', 'dataset: &x [*x]\n', 'BAD_FILE', 'run.yaml:1: '],
    ['aliases without end', BOMB, 'BAD_FILE', 'run.yaml:3: Excessive alias count'],
    ['an unknown tag', 'lora_rank: !foo 3\n', 'BAD_FILE', 'Unresolved tag'],
    [
      'a name in two spellings',
      'lora-rank: 8\nlora_rank: 9\n',
      'BAD_FILE',
      "run.yaml:2: 'lora_rank' is given twice",
    ],
    ['ENV that is a text', 'ENV: abc\n', 'BAD_FILE', 'run.yaml:1: ENV'],
    ['ENV of lists', '\nENV:\n  A: [1]\n', 'BAD_FILE', 'run.yaml:2: ENV'],
  ])('%s', (_, text, code, shown) => {
    expect(() => commandLine('sft', [file(text)])).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(shown) as string }) as Error,
    );
  });

  test('one that is not there, and a folder', () => {
    expect(() => commandLine('sft', ['none.yaml'])).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_FOUND' }) as Error,
    );
    expect(() => commandLine('sft', [folder])).toThrow(
      expect.objectContaining({ code: 'BAD_FILE' }) as Error,
    );
  });

  test('sets environment variables that are not set', () => {
    process.env.CONFIG_TEST_A = 'mine';
    commandLine('sft', [file('ENV:\n  CONFIG_TEST_A: theirs\n  CONFIG_TEST_B: 1\n')]);
    expect([process.env.CONFIG_TEST_A, process.env.CONFIG_TEST_B]).toEqual(['mine', '1']);
  });
});

describe('flags', () => {
  test('win over the file', () => {
    const path = file('lora_rank: 4\nlora_alpha: 5\n');
    expect(commandLine('sft', [path, '--lora_rank', '6'])).toMatchObject({ lora_rank: 6, lora_alpha: 5 });
  });

  test('win over the file under another name too', () => {
    const path = file('tuner_type: full\nbatch_size: 2\nmodel: here\n');
    const values = commandLine('sft', [
      path,
      ...['--sft_type', 'lora', '--per_device_train_batch_size', '3', '--model_id_or_path', 'there'],
    ]);
    expect(values).toMatchObject({ sft_type: 'lora', batch_size: 3, model_id_or_path: 'there' });
  });

  test('one argument under two names is a fault, on the command line and in a file', () => {
    const message = /'batch_size' is given twice, once under another name/;
    expect(() => commandLine('sft', ['--batch_size', '1', '--per_device_train_batch_size', '2'])).toThrow(
      message,
    );
    const path = file('batch_size: 1\nper_device_train_batch_size: 2\n');
    expect(() => commandLine('sft', [path])).toThrow(message);
  });

  test('a second word that stands alone is refused', () => {
    expect(() => commandLine('sft', ['a.yaml', 'b.yaml'])).toThrow("'b.yaml' is not expected here");
  });
});

describe('going on', () => {
  const checkpoint = join(folder, 'checkpoint-4');
  mkdirSync(checkpoint);
  const args = {
    command: 'sft',
    model_type: 'qwen2-0_5b',
    lora_rank: 16,
    dataset: ['a'],
    system: null,
    other: 1,
  };
  writeFileSync(join(checkpoint, 'args.json'), JSON.stringify(args));

  test("resume_from_checkpoint alone takes the run's arguments; flags win", () => {
    const values = commandLine('sft', ['--resume_from_checkpoint', checkpoint, '--dataset', 'b']);
    expect(values).toMatchObject({
      model_type: 'qwen2-0_5b',
      lora_rank: 16,
      dataset: ['b'],
      resume_from_checkpoint: checkpoint,
      lora_alpha: 32,
    });
  });

  test('args.json is a config file of its own command', () => {
    const written = { ...args, other: undefined };
    const path = file(JSON.stringify(written), 'args.json');
    expect(commandLine('sft', [path])).toMatchObject({ lora_rank: 16, system: null });
    expect(() => commandLine('pt', [path])).toThrow('these arguments are of swift sft');
  });
});

describe("arguments of SWIFT's own command lines", () => {
  function heard(argv: readonly string[]) {
    const notices: string[] = [];
    const values = commandLine('sft', argv, { warn: (message) => notices.push(message) });
    return { notices, values };
  }

  test('what steers machinery that is not here is accepted and said once', () => {
    const { notices } = heard(['--dataloader_num_workers', '4', '--per_device_eval_batch_size', '1']);
    expect(notices).toEqual([
      '--dataloader_num_workers has no effect: rows are read in one thread; dataset_num_proc says how many encode them',
      expect.stringContaining('--per_device_eval_batch_size has no effect: '),
    ]);
  });

  test('bf16 and fp16 are formats of the weights', () => {
    const { notices, values } = heard(['--bf16', 'true', '--fp16', 'false']);
    expect(values.dtype).toBe('bf16');
    expect(notices).toEqual(['--bf16: weights are held in bf16 (dtype bf16), arithmetic is float32']);
    expect(() => heard(['--bf16', '--torch_dtype', 'float32'])).toThrow(
      '--bf16 and --torch_dtype are both given',
    );
    expect(() => heard(['--bf16', 'maybe'])).toThrow("--bf16: 'maybe' is not true or false");
  });
});

test.each(['--adam_beta1', '--adam_beta2'])('%s is below 1, not 1', (flag) => {
  expect(() => commandLine('sft', [flag, '1'])).toThrow(flag);
  expect(() => commandLine('sft', [flag, '-0.1'])).toThrow(flag);
  expect(commandLine('sft', [flag, '0.9999'])).toMatchObject({ [flag.slice(2)]: 0.9999 });
  expect(commandLine('sft', [flag, '0'])).toMatchObject({ [flag.slice(2)]: 0 });
});
