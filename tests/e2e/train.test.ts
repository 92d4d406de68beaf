import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathAfter, QUICKSTART, scratch, startSwift, swift, TINY } from './swift.js';

const SFT = [
  ...['sft', '--model', TINY, '--dataset', QUICKSTART, '--target_modules', 'ALL', '--learning_rate', '5e-3'],
  ...[
    '--batch_size',
    '4',
    '--gradient_accumulation_steps',
    '2',
    '--dataset_test_ratio',
    '0.1',
    '--logging_steps',
    '1',
  ],
];

interface Row {
  readonly loss?: number;
  readonly eval_loss?: number;
}

function log(folder: string): Row[] {
  const text = readFileSync(join(folder, 'logging.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

test('sft lowers the loss and writes an adapter, logs, events and curves; infer answers with it', () => {
  const cwd = scratch();
  const run = swift([...SFT, '--num_train_epochs', '6'], { cwd });
  expect(run.stderr).toMatch(/training data: .*: 45 read, 41 taken, 41 kept, 0 dropped/);
  expect(run.status).toBe(0);

  const checkpoint = pathAfter('last_model_checkpoint', run.stdout);
  const folder = join(checkpoint, '..');
  const rows = log(folder);
  const losses = rows.flatMap(({ loss }) => loss ?? []);
  expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]);
  expect(rows.some(({ eval_loss }) => eval_loss !== undefined)).toBe(true);
  expect(readdirSync(checkpoint)).toEqual(
    expect.arrayContaining([
      'adapter_config.json',
      'adapter_model.safetensors',
      'args.json',
      'tokenizer.json',
    ]),
  );
  expect(readFileSync(join(folder, 'images', 'train_loss.svg'), 'utf8')).toContain('<svg');
  expect(readdirSync(join(folder, 'runs'))[0]).toMatch(/^events\.out\.tfevents/);

  const ask = (which: string[]): string =>
    swift(['infer', ...which, '--query', 'What is your name?', '--temperature', '0'], { cwd }).stdout.trim();
  const tuned = ask(['--ckpt_dir', checkpoint]);
  expect(tuned).toContain('Robin');
  expect(ask(['--model', TINY])).not.toContain('Robin');

  const merged = swift(['export', '--ckpt_dir', checkpoint, '--merge_lora', 'true'], { cwd });
  expect(merged.status).toBe(0);
  expect(ask(['--model', pathAfter('merged model', merged.stdout)])).toBe(tuned);
});

test('a killed run resumes from its checkpoint to the same adapter, bit for bit', async () => {
  const cwd = scratch();
  const argv = [...SFT, '--max_steps', '12', '--save_steps', '4', '--add_output_dir_suffix', 'false'];
  const whole = swift([...argv, '--output_dir', 'whole'], { cwd });
  expect(whole.status).toBe(0);

  const killed = startSwift([...argv, '--output_dir', 'killed'], { cwd });
  const first = join(cwd, 'killed', 'checkpoint-4');
  while (!existsSync(first) && killed.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 5));
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.once('exit', resolve));
  expect(existsSync(join(cwd, 'killed', 'checkpoint-12'))).toBe(false);

  const resumed = swift([...argv, '--output_dir', 'resumed', '--resume_from_checkpoint', first], { cwd });
  expect(resumed.stderr).toContain('going on from step 4');
  expect(resumed.status).toBe(0);
  const adapter = (name: string): Buffer =>
    readFileSync(join(cwd, name, 'checkpoint-12', 'adapter_model.safetensors'));
  expect(adapter('resumed').equals(adapter('whole'))).toBe(true);
});

test('full tuning resumes bit for bit too, with WebAssembly or without', () => {
  const cwd = scratch();
  const argv = [
    ...[
      'sft',
      '--model',
      TINY,
      '--dataset',
      `${QUICKSTART}#16`,
      '--sft_type',
      'full',
      '--dataset_test_ratio',
      '0',
    ],
    ...[
      '--batch_size',
      '4',
      '--gradient_accumulation_steps',
      '1',
      '--save_steps',
      '2',
      '--add_output_dir_suffix',
      'false',
    ],
  ];
  expect(swift([...argv, '--output_dir', 'whole'], { cwd }).status).toBe(0);
  const from = join(cwd, 'whole', 'checkpoint-2');
  const resume = (name: string, env = {}): string => {
    const run = swift([...argv, '--output_dir', name, '--resume_from_checkpoint', from], { cwd, env });
    expect(run.status).toBe(0);
    return run.stderr;
  };
  const file = (name: string, which: string): Buffer =>
    readFileSync(join(cwd, name, 'checkpoint-4', `${which}.safetensors`));
  expect(resume('fast')).not.toContain('plain JavaScript');
  expect(resume('plain', { NODE_OPTIONS: '--jitless' })).toContain('plain JavaScript');
  for (const name of ['fast', 'plain']) {
    for (const which of ['model', 'master_weights', 'optimizer']) {
      expect(file(name, which).equals(file('whole', which))).toBe(true);
    }
  }
});

test('Ctrl-C finishes the step, saves a checkpoint and exits with 130', async () => {
  const cwd = scratch();
  const argv = [
    ...SFT,
    '--num_train_epochs',
    '200',
    '--add_output_dir_suffix',
    'false',
    '--output_dir',
    'run',
  ];
  const run = startSwift(argv, { cwd });
  let said = '';
  run.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  while (!said.includes('step 2/')) await new Promise((resolve) => setTimeout(resolve, 10));
  run.kill('SIGINT');
  const code = await new Promise((resolve) => run.once('exit', resolve));
  expect(code).toBe(130);
  const [checkpoint] = readdirSync(join(cwd, 'run')).filter((name) => name.startsWith('checkpoint-'));
  expect(readdirSync(join(cwd, 'run', checkpoint))).toContain('trainer_state.json');
});

test('packing and recomputed activations give the same first loss', () => {
  const cwd = scratch();
  const base = [
    ...['sft', '--model', TINY, '--dataset', `${QUICKSTART}#8`, '--lora_dropout', '0', '--max_steps', '1'],
    ...['--dataset_test_ratio', '0', '--batch_size', '8', '--gradient_accumulation_steps', '1'],
    ...['--add_output_dir_suffix', 'false', '--max_length', '512'],
  ];
  const first = (name: string, ...extra: string[]): number => {
    const run = swift([...base, '--output_dir', name, ...extra], { cwd });
    expect(run.stderr + run.stdout).toContain(name);
    return log(join(cwd, name))[0].loss!;
  };
  const loss = first('plain');
  expect(first('packed', '--packing', 'true')).toBeCloseTo(loss, 5);
  expect(first('recomputed', '--gradient_checkpointing', 'true')).toBe(loss);
});

test('pt trains on plain text', () => {
  const cwd = scratch();
  const run = swift(
    [
      ...['pt', '--model', TINY, '--dataset', `${QUICKSTART}`, '--max_steps', '2', '--batch_size', '4'],
      ...['--gradient_accumulation_steps', '1', '--learning_rate', '1e-3'],
    ],
    { cwd },
  );
  expect(run.status).toBe(0);
  const checkpoint = pathAfter('last_model_checkpoint', run.stdout);
  expect(readdirSync(checkpoint)).toEqual(
    expect.arrayContaining(['model.safetensors', 'config.json', 'tokenizer.json']),
  );
});

test('a YAML file gives the arguments, and flags win over it', () => {
  const cwd = scratch();
  const yaml = `${cwd}/run.yaml`;
  const lines = [`model: ${TINY}`, `dataset: [${QUICKSTART}#4]`, 'max_steps: 9', 'dataset_test_ratio: 0'];
  writeFileSync(yaml, `${lines.join('\n')}\n`);
  const run = swift(['sft', yaml, '--max_steps', '1'], { cwd });
  expect(run.stderr).toContain('training: 1 step (');
  expect(run.status).toBe(0);
});
