import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeCheckpoint } from '../../core/io/checkpoint.js';
import { openSafetensors } from '../../core/io/safetensors/index.js';
import { commandLine } from '../../core/config/command-line.js';
import { pathAfter, QUICKSTART, scratch, swift, TINY } from './swift.js';

const SFT = ['sft', '--model', TINY, '--dataset', QUICKSTART, '--max_steps', '1'];

/** A user's mistake: exit code 2, what and what to do, no stack trace, nothing written. */
function refused(cwd: string, argv: readonly string[], ...said: readonly (string | RegExp)[]): void {
  const before = readdirSync(cwd, { recursive: true });
  const { status, stderr } = swift(argv, { cwd });
  for (const text of said) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(2);
  expect(readdirSync(cwd, { recursive: true })).toEqual(before);
}

const cwd = scratch();
const write = (name: string, text: string): string => {
  writeFileSync(join(cwd, name), text);
  return name;
};
const train = (...dataset: readonly string[]): string[] => ['sft', '--model', TINY, '--dataset', ...dataset];

describe('data', () => {
  test('a file without rows, or without answers', () => {
    refused(cwd, train(write('empty.jsonl', '')), /EMPTY_DATASET.*no rows in empty\.jsonl/, 'right file');
    refused(cwd, train(write('mute.jsonl', '{"query":"a","response":""}\n')), /1 without an answer/);
  });
  test('a csv file without the column of answers', () =>
    refused(
      cwd,
      train(write('c.csv', 'query,anwser\na,b\n')),
      /c\.csv:2: the fields query, anwser/,
      'query, response',
    ));
  test('a folder without data files', () => {
    mkdirSync(join(cwd, 'bare'));
    refused(cwd, train('bare'), /'bare' holds no data files/, '.jsonl');
  });
  test('#0, and a subset of a file', () => {
    refused(cwd, train(`${QUICKSTART}#0`), /'0' is not a number of rows/);
    refused(cwd, train(`${QUICKSTART}:zh`), /a file has no subsets/);
  });
  test('a role that does not exist', () =>
    refused(
      cwd,
      train(
        write('r.jsonl', '{"messages":[{"role":"usr","content":"x"},{"role":"assistant","content":"y"}]}\n'),
      ),
      /r\.jsonl:1: field 'messages\[0\]\.role' is 'usr'/,
      "'user'",
    ));
  test('max_length below every row says which flag helps', () =>
    refused(cwd, [...SFT, '--max_length', '1'], /longer than max_length/, '--max_length'));
});

describe('models', () => {
  test('a folder without tokenizer, without config, without weights', () => {
    const without = (name: string, file: RegExp): string[] => {
      cpSync(TINY, join(cwd, name), { recursive: true });
      for (const one of readdirSync(join(cwd, name))) if (file.test(one)) rmSync(join(cwd, name, one));
      return ['sft', '--model', name, '--dataset', QUICKSTART];
    };
    refused(cwd, without('mute', /^tokenizer/), 'no tokenizer.json in mute');
    refused(cwd, without('shapeless', /^config/), 'shapeless has no config.json');
    refused(
      cwd,
      without('hollow', /safetensors/),
      /hollow holds no weights: none of model\.safetensors, .*pytorch_model\.bin/,
    );
  });
});

describe('arguments', () => {
  test('flags without a value, below their range, or of no known logger', () => {
    refused(cwd, [...SFT, '--learning_rate', '-1'], /--learning_rate: '-1' is not above 0/);
    refused(cwd, [...SFT, '--output_dir'], '--output_dir: a value is missing');
    refused(cwd, [...SFT, '--report_to', 'wandb'], /--report_to: 'wandb' is not one of tensorboard, none/);
  });
  test('modules that do not exist, or none at all', () => {
    refused(cwd, [...SFT, '--target_modules'], 'matches no linear layer', 'q_proj');
    refused(
      cwd,
      [...SFT, '--modules_to_save', 'embed_token'],
      /embed_token matches no module/,
      "'embed_tokens'",
    );
    const full = [...SFT, '--sft_type', 'full'];
    refused(cwd, [...full, '--freeze_parameters_ratio', '1'], 'nothing would train');
  });
  test('two questions at once', () =>
    refused(cwd, ['infer', '--model', TINY, '--query', 'x', '--val_dataset', 'y'], /both given/));
  test('a plugin package that is not there', () =>
    refused(cwd, [...SFT, '--plugins', 'nonexistent'], /--plugins nonexistent: no package/));
  test('words that a command would ignore', () => {
    refused(cwd, ['doctor', '--gpu'], "swift doctor takes no '--gpu'");
    refused(cwd, ['list', 'models', 'qwen', 'llama'], "swift list models takes no 'llama'");
  });
});

describe('config files', () => {
  const faults: readonly (readonly [string, string, string | RegExp])[] = [
    ['nested.yaml', 'max_steps: 1\nlora:\n  rank: 8\n', /nested\.yaml:2: lora: .*no argument 'lora'/],
    ['deep.yaml', 'lora_rank:\n  value: 8\n', /deep\.yaml:1: lora_rank: .*not a whole number/],
    ['twice.yaml', 'max_steps: 1\nmax_steps: 2\n', /twice\.yaml: Map keys must be unique at line 2/],
    ['tab.yaml', 'max_steps: 1\n\tseed: 1\n', /tab\.yaml: Tabs are not allowed.*line 2/],
    ['null.yaml', 'max_steps: ~\n', /null\.yaml:1: max_steps: 'null' is not a whole number/],
    ['env.yaml', 'ENV: 5\n', /env\.yaml:1: ENV is expected to map/],
    ['list.yaml', '- a\n', /list\.yaml: expected a map of arguments/],
  ];
  test.each(faults)('%s', (name, text, said) =>
    expect(() => commandLine('sft', [join(cwd, write(name, text))])).toThrow(said),
  );
  test('a folder or data where the config file goes', () => {
    refused(cwd, ['sft', '.'], /'\.' is no config file/, '--dataset');
    refused(cwd, ['sft', QUICKSTART], /quickstart\.jsonl' is no config file/);
  });
});

describe('checkpoints', () => {
  const here = scratch();
  const run = join(here, 'run');
  const checkpoint = join(run, 'checkpoint-1');
  const PLACE = ['--output_dir', run, '--add_output_dir_suffix', 'false'];
  beforeAll(() => void expect(swift([...SFT, ...PLACE]).status).toBe(0));

  const copy = (name: string): string => {
    cpSync(checkpoint, join(here, name), { recursive: true });
    return join(here, name);
  };

  test('the folder of a run names its checkpoints', () => {
    const said = /run' is no checkpoint/;
    refused(here, ['infer', '--ckpt_dir', run, '--query', 'x'], said, checkpoint);
    refused(here, ['export', '--ckpt_dir', run, '--merge_lora', 'true'], said, checkpoint);
    refused(here, [...SFT, '--resume_from_checkpoint', run], said, checkpoint);
    refused(here, ['infer', '--ckpt_dir', here, '--query', 'x'], /is no checkpoint/, 'adapter_config.json');
  });

  test('an adapter on another base model', async () => {
    const base = join(here, 'base');
    cpSync(TINY, base, { recursive: true });
    const config = JSON.parse(readFileSync(join(base, 'config.json'), 'utf8')) as object;
    writeFileSync(join(base, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 3 }));
    const weights = await openSafetensors(join(TINY, 'model.safetensors'));
    const kept = weights.names().filter((name) => !name.startsWith('model.layers.3.'));
    await writeCheckpoint(
      base,
      kept.map((name) => ({ name, ...weights.info(name), data: () => weights.readFloat32(name) })),
    );
    await weights.close();
    refused(
      here,
      ['infer', '--ckpt_dir', checkpoint, '--model', base, '--query', 'x'],
      'base model it was trained on',
    );
  });

  test('resuming without an optimizer, with half of one, or with no state', () => {
    const resume = (from: string): string[] => [...SFT, '--resume_from_checkpoint', from];
    const evenSo = (from: string): string[] => [...resume(from), '--ignore_resume_mismatch', 'true'];
    const lost = copy('lost');
    rmSync(join(lost, 'optimizer.safetensors'));
    refused(here, resume(lost), /lost has no optimizer\.safetensors/, '--save_only_model');
    const cut = copy('cut');
    truncateSync(join(cut, 'optimizer.safetensors'), 500);
    refused(here, resume(cut), /optimizer\.safetensors is not what it was/, '--ignore_resume_mismatch');
    refused(here, evenSo(cut), /optimizer\.safetensors ends at byte 500/);
    const blank = copy('blank');
    writeFileSync(join(blank, 'trainer_state.json'), '{"global_step": "one"}');
    refused(here, resume(blank), /trainer_state\.json is not what it was/);
    refused(here, evenSo(blank), /trainer_state\.json is no trainer state/, '--resume_only_model');
    writeFileSync(join(blank, 'args.json'), '{"a"');
    refused(here, resume(blank), /args\.json is not valid JSON/);
  });

  test('a second run in the folder of an earlier one', () => {
    refused(here, [...SFT, ...PLACE], /run holds checkpoint-1 of an earlier run/, '--resume_from_checkpoint');
  });

  test('samples longer than the model has positions are said', () => {
    write('long.jsonl', `${JSON.stringify({ query: 'Hello '.repeat(300), response: 'Hi' })}\n`);
    const { status, stderr, stdout } = swift([...train('long.jsonl'), '--max_steps', '1'], { cwd });
    expect(stderr).toContain('1 sample is longer than the 512 positions');
    expect(status).toBe(0);
    expect(existsSync(pathAfter('last_model_checkpoint', stdout))).toBe(true);
  });
});
