/** What the command line says before it computes: commands, help, listings, readers that leave. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QUICKSTART, ROOT, scratch, swift, SWIFT, TINY } from './swift.js';

describe('commands', () => {
  test('help of a command, and the version, as words and as flags', () => {
    expect(swift(['help', 'sft']).stdout).toBe(swift(['sft', '--help']).stdout);
    expect(swift(['help', 'sft']).stdout).toContain('Usage: swift sft');
    expect(swift(['version']).stdout).toBe(swift(['--version']).stdout);
    expect(swift(['help']).stdout).toBe(swift([]).stdout);
    expect(swift(['help', 'stf'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('sft') as string,
    });
  });

  test.each(['deploy', 'web-ui', 'web_ui', 'merge-lora', 'megatron'])(
    'swift %s is not built, and says so',
    (name) => {
      const { status, stderr } = swift([name, '--ckpt_dir', 'x']);
      expect(stderr).toMatch(
        /^error \[UNSUPPORTED_ARGUMENT\]: 'swift [\w-]+' exists in SWIFT but is not built here yet$/m,
      );
      expect(stderr).not.toMatch(/Did you mean/);
      expect(status).toBe(2);
    },
  );

  test('several faults are sentences', () => {
    const { stderr } = swift(['sft', '--deepspeed', 'zero2', '--lora_rnak', '8']);
    expect(stderr).toContain('is not built here yet. Leave it out.');
  });
});

describe('a reader that leaves', () => {
  test.each([
    ['list models', 'list models | head -1'],
    ['inspect', `inspect --model "${TINY}" --dataset "${QUICKSTART}" | head -1`],
  ])('%s ends quietly', (_, command) => {
    const { stderr, stdout } = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${SWIFT}" ${command}; true`],
      {
        encoding: 'utf8',
        cwd: scratch(),
      },
    );
    expect(stderr).not.toMatch(/EPIPE|^ +at /m);
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('list', () => {
  test('one is not several; packages can be named; flags are checked', () => {
    expect(swift(['list', 'models', 'gpt-oss-120b']).stderr).toMatch(/^1 model;/);
    const named = swift(['list', 'models', '--plugins', join(ROOT, 'examples/plugin-package'), '--json']);
    const packages = (JSON.parse(named.stdout) as { package: string }[]).map((one) => one.package);
    expect(packages).toContain('swift-plugin-example');
    expect(swift(['list', 'models', '--plugins'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--plugins takes packages') as string,
    });
  });

  test('files that no codec reads yet are marked', () => {
    const [one] = JSON.parse(swift(['list', 'models', 'gpt-oss-20b', '--json']).stdout) as object[];
    expect(one).toMatchObject({ parity: 'needs codec', codec: 'mxfp4' });
  });
});

describe('--model', () => {
  test('an unknown word is looked up among ids', () => {
    const { status, stderr } = swift(['infer', '--model', 'qwen2-0.5b-instuct', '--query', 'x']);
    expect(stderr).toContain("there is no model 'qwen2-0.5b-instuct'");
    expect(stderr).toContain('qwen2-0_5b-instruct');
    expect(status).toBe(2);
  });

  test('a registered id means its repository, a folder of that name the folder', () => {
    const cwd = scratch();
    const asked = ['infer', '--model', 'qwen2-0.5b-instruct', '--query', 'x'];
    const offline = swift(asked, { cwd, env: { HF_HUB_OFFLINE: '1', HF_HOME: join(cwd, 'hf') } });
    expect(offline.stderr).toContain("model 'Qwen/Qwen2-0.5B-Instruct'");
    mkdirSync(join(cwd, 'qwen2-0.5b-instruct'));
    writeFileSync(join(cwd, 'qwen2-0.5b-instruct', 'note.txt'), '');
    expect(swift(asked, { cwd }).stderr).toContain('has no config.json');
  });
});

test.each([
  [['sft', '--model', TINY, '--dataset', 'https://example.com/a.jsonl'], /addresses are not read/],
  [['sft', '--model', QUICKSTART, '--dataset', QUICKSTART], /is a file, and no \.gguf file/],
  [['export', '--ckpt_dir', TINY, '--merge_lora', 'true', '--output_dir', '.'], /exists already/],
])('%j is refused before weights are read', (argv, said) => {
  const { status, stderr } = swift(argv, { cwd: scratch() });
  expect(stderr).toMatch(said);
  expect(stderr).not.toContain('weights:');
  expect(status).toBe(2);
});

test.skipIf(process.platform === 'win32')('a pipe as data is refused, not waited for', () => {
  const cwd = scratch();
  spawnSync('mkfifo', ['rows.jsonl'], { cwd });
  const { status, stderr } = swift(['inspect', '--model', TINY, '--dataset', 'rows.jsonl'], { cwd });
  expect(stderr).toContain('rows.jsonl is no plain file');
  expect(status).toBe(2);
});
