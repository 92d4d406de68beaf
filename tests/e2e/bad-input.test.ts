import { execSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QUICKSTART, ROOT, scratch, swift, TINY } from './swift.js';
import { cutTokenizer } from '../../parity/cases.js';

/** Every fault of a user: exit code 2, what and where, the nearest valid value, no stack trace, nothing written. */
function expectFault(argv: readonly string[], cwd: string, ...said: readonly (string | RegExp)[]): void {
  const before = readdirSync(cwd);
  const { status, stderr } = swift(argv, { cwd });
  for (const text of said) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(2);
  expect(readdirSync(cwd)).toEqual(before);
}

const SFT = ['sft', '--model', TINY, '--dataset', QUICKSTART, '--max_steps', '1'];

describe('arguments', () => {
  test('unknown flag', () => expectFault([...SFT, '--lora_rnak', '8'], scratch(), 'lora_rank'));
  test('unknown command', () => expectFault(['stf'], scratch(), "Did you mean 'sft'"));
  test('a flag that is not built', () =>
    expectFault([...SFT, '--deepspeed', 'zero2'], scratch(), /exists in SWIFT but is not built/));
  test('not a number', () =>
    expectFault([...SFT, '--lora_rank', 'eight'], scratch(), /--lora_rank.*whole number/));
  test('out of range', () => expectFault([...SFT, '--lora_rank', '0'], scratch(), /--lora_rank.*at least 1/));
  test('not a choice', () => expectFault([...SFT, '--lr_scheduler_type', 'cosin'], scratch(), "'cosine'"));
  test('unknown key in YAML, with its line', () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'run.yaml'), 'max_steps: 1\nlearning_rat: 1e-4\n');
    expectFault(['sft', 'run.yaml'], cwd, 'run.yaml:2', 'learning_rate');
  });
  test('several faults at once', () =>
    expectFault([...SFT, '--lora_rnak', '8', '--lora_alpha=x'], scratch(), 'lora_rank', /lora_alpha/));
});

describe('ids', () => {
  test('model', () =>
    expectFault(
      ['sft', '--model_type', 'qwen2-0.5b-instuct', '--dataset', QUICKSTART],
      scratch(),
      'qwen2-0_5b-instruct',
    ));
  test('dataset', () =>
    expectFault(['sft', '--model', TINY, '--dataset', 'alpaka-en'], scratch(), 'alpaca-en'));
  test('tuner', () => expectFault([...SFT, '--sft_type', 'lroa'], scratch(), "'lora'"));
  test('template', () => expectFault([...SFT, '--template_type', 'chatlm'], scratch(), "'chatml'"));
  test('backend', () => expectFault([...SFT, '--backend', 'onnx'], scratch(), 'onnxruntime'));
  test('target module', () => expectFault([...SFT, '--target_modules', 'q_prj'], scratch(), 'q_proj'));
});

describe('files', () => {
  test('model folder', () =>
    expectFault(['sft', '--model', './nowhere', '--dataset', QUICKSTART], scratch(), './nowhere'));
  test('data file', () =>
    expectFault(['sft', '--model', TINY, '--dataset', './no.jsonl'], scratch(), 'no.jsonl'));

  test('malformed row', () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'data.jsonl'), '{"query": "a", "response": "b"}\n{"query": "a", "resp\n');
    expectFault(['sft', '--model', TINY, '--dataset', 'data.jsonl'], cwd, 'data.jsonl:2');
  });

  test('row of an unknown shape', () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'data.jsonl'), '{"query": "a", "response": "b"}\n{"foo": 1}\n');
    expectFault(['sft', '--model', TINY, '--dataset', 'data.jsonl'], cwd, 'data.jsonl:2', 'foo');
  });

  test('nothing left to train on', () =>
    expectFault([...SFT, '--max_length', '4'], scratch(), /longer than max_length/));

  test('truncated safetensors', () => {
    const cwd = scratch();
    cpSync(TINY, join(cwd, 'model'), { recursive: true });
    truncateSync(join(cwd, 'model', 'model.safetensors'), 100_000);
    expectFault(['sft', '--model', 'model', '--dataset', QUICKSTART], cwd, 'model.safetensors');
  });

  test('truncated GGUF', () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'model.gguf'), Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(12)]));
    expectFault(['infer', '--model', 'model.gguf', '--query', 'x'], cwd, 'model.gguf');
  });

  test('weights that do not fit the config', () => {
    const cwd = scratch();
    cpSync(TINY, join(cwd, 'model'), { recursive: true });
    const path = join(cwd, 'model', 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...config, intermediate_size: 400 }));
    expectFault(
      ['sft', '--model', 'model', '--dataset', QUICKSTART],
      cwd,
      /gate_proj.*\[384,\s?128\].*\[400,\s?128\]/,
    );
  });

  /** A tiny checkpoint of another architecture. */
  function parityModel(cwd: string, id: string): void {
    const fixtures = join(ROOT, 'tests/fixtures');
    cpSync(join(fixtures, 'tokenizers/tiny'), join(cwd, 'model'), { recursive: true });
    cpSync(join(fixtures, 'parity/models', id), join(cwd, 'model'), { recursive: true });
    cutTokenizer(join(cwd, 'model'));
  }

  test('samples longer than a table of learned positions', () => {
    const cwd = scratch();
    parityModel(cwd, 'gpt2');
    writeFileSync(join(cwd, 'rows.jsonl'), JSON.stringify({ query: 'Count.', response: '1 2 '.repeat(200) }));
    expectFault(
      ['sft', '--model', 'model', '--dataset', 'rows.jsonl', '--dataset_test_ratio', '0'],
      cwd,
      '1 sample is longer than the 128 positions this model has',
      '--max_length 128',
    );
  });

  test.each(['mamba', 'phi3_small'])('packing where samples would see each other: %s', (id) => {
    const cwd = scratch();
    parityModel(cwd, id);
    const argv = ['sft', '--model', 'model', '--dataset', QUICKSTART, '--packing', 'true'];
    expectFault(argv, cwd, '--packing true', 'a row of its own');
  });

  test('balancing experts where there are none', () => {
    const argv = ['sft', '--model', TINY, '--dataset', QUICKSTART, '--router_aux_loss_coef', '0.1'];
    expectFault(argv, scratch(), '--router_aux_loss_coef 0.1', 'has no experts');
  });

  test('an architecture without a plugin', () => {
    const cwd = scratch();
    cpSync(TINY, join(cwd, 'model'), { recursive: true });
    const path = join(cwd, 'model', 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(
      path,
      JSON.stringify({ ...config, architectures: ['RwkvForCausalLM'], model_type: 'rwkv' }),
    );
    expectFault(
      ['sft', '--model', 'model', '--dataset', QUICKSTART],
      cwd,
      'RwkvForCausalLM',
      'LlamaForCausalLM',
    );
  });

  test('resuming with other arguments', () => {
    const cwd = scratch();
    const base = [...SFT, '--output_dir', 'run', '--add_output_dir_suffix', 'false'];
    expect(swift(base, { cwd }).status).toBe(0);
    const from = ['--resume_from_checkpoint', 'run/checkpoint-1'];
    expectFault([...base, ...from, '--lora_rank', '16'], cwd, /lora_rank: was 8, is 16/);
  });
});

describe('the machine', () => {
  const isRoot = process.getuid?.() === 0;

  test('a folder in the way of the output', () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'out'), 'a file');
    const { status, stderr } = swift([...SFT, '--output_dir', 'out'], { cwd });
    expect(status).toBe(1);
    expect(stderr).toContain('out');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a full disk leaves no half checkpoint', (context) => {
    const cwd = scratch();
    const disk = join(cwd, 'disk');
    mkdirSync(disk);
    // A tiny file system needs the right to mount one.
    if (!isRoot || !canMount(disk)) return context.skip();
    try {
      const { status, stderr } = swift([...SFT, '--output_dir', disk, '--add_output_dir_suffix', 'false'], {
        cwd,
      });
      expect(stderr).toMatch(/FILE_NOT_WRITABLE/);
      expect(status).toBe(1);
      expect(readdirSync(disk).filter((name) => name.startsWith('checkpoint'))).toEqual([]);
    } finally {
      execSync(`umount ${disk}`);
    }
  });
});

function canMount(folder: string): boolean {
  try {
    execSync(`mount -t tmpfs -o size=64k tmpfs ${folder}`, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
