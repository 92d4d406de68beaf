import { mkdtempSync, writeFileSync } from 'node:fs';
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
