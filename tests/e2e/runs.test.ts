/** Runs beside each other, after each other and cut off: folders, locks, logs, signals, what is checked first. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pathAfter, QUICKSTART, scratch, startSwift, swift, SWIFT, TINY } from './swift.js';

const SFT = [
  ...[
    'sft',
    '--model',
    TINY,
    '--dataset',
    `${QUICKSTART}#16`,
    '--dataset_test_ratio',
    '0',
    '--logging_steps',
    '1',
  ],
  ...['--batch_size', '2', '--gradient_accumulation_steps', '1', '--add_output_dir_suffix', 'false'],
];
const IN_RUN = ['--output_dir', 'run'];

const names = (folder: string): string[] => readdirSync(folder).sort();

function steps(folder: string): number[] {
  const lines = readFileSync(join(folder, 'logging.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => Number(/"global_step\/max_steps":"(\d+)\//.exec(line)![1]));
}

describe('going on', () => {
  test("--resume_from_checkpoint alone takes the run's arguments, in the run's own folder, and repeats no step", () => {
    const cwd = scratch();
    const whole = swift([...SFT, '--max_steps', '8', '--lora_rank', '4', '--output_dir', 'whole'], { cwd });
    expect(whole.status).toBe(0);
    const first = swift([...SFT, ...IN_RUN, '--max_steps', '8', '--save_steps', '4', '--lora_rank', '4'], {
      cwd,
    });
    expect(first.status).toBe(0);
    const run = join(cwd, 'run');
    // As a kill in step 7 would leave it.
    cpSync(join(run, 'checkpoint-8'), join(run, '.checkpoint-8.0123456789ab.tmp'), { recursive: true });
    writeFileSync(join(run, '.args.json.0123456789ab.tmp'), '{');
    rmSync(join(run, 'checkpoint-8'), { recursive: true });
    const resumed = swift(['sft', '--resume_from_checkpoint', 'run/checkpoint-4'], { cwd });
    expect(resumed.stderr).toContain('going on from step 4');
    expect(resumed.status).toBe(0);
    expect(steps(run)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(names(run).filter((name) => name.startsWith('.'))).toEqual([]);
    const adapter = (path: string): Buffer =>
      readFileSync(join(cwd, path, 'checkpoint-8', 'adapter_model.safetensors'));
    expect(adapter('run').equals(adapter('whole'))).toBe(true);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s saves a checkpoint and says the command that goes on from it',
    async (signal) => {
      const cwd = scratch();
      const run = startSwift([...SFT, ...IN_RUN, '--max_steps', '100000'], { cwd });
      let said = '';
      run.stderr!.on('data', (text: Buffer) => (said += text.toString()));
      while (!said.includes('step 2/')) await new Promise((resolve) => setTimeout(resolve, 10));
      run.kill(signal);
      const code = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal];
      expect(await new Promise((resolve) => run.once('exit', resolve))).toBe(code);
      const [, command] = /^to go on: swift (.*)$/m.exec(said)!;
      const checkpoint = command.slice(command.lastIndexOf(' ') + 1);
      expect(readdirSync(checkpoint)).toContain('trainer_state.json');
      // The arguments shown are those of the run: with any other it would not go on.
      const changed = swift([...command.split(' '), '--lora_rank', '2'], { cwd });
      expect(changed.stderr).toContain('trained with other arguments: lora_rank');
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'a terminal that closes leaves a checkpoint and no crash',
    async () => {
      const cwd = scratch();
      const argv = [SWIFT, ...SFT, ...IN_RUN, '--max_steps', '100000'].map((word) => `"${word}"`).join(' ');
      // The shell holds the terminal; it passes the signal on and lives to tell the exit code.
      const command = `trap 'kill -HUP $run' HUP; "${process.execPath}" ${argv} & run=$!; wait $run; wait $run; echo $? > code`;
      const terminal = spawn('script', ['-qfec', command, '/dev/null'], {
        cwd,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let said = '';
      terminal.stdout.on('data', (text: Buffer) => (said += text.toString()));
      while (!/[3-9]\/100000/.test(said)) await new Promise((resolve) => setTimeout(resolve, 10));
      terminal.kill('SIGKILL');
      const code = join(cwd, 'code');
      while (!existsSync(code) || readFileSync(code, 'utf8') === '')
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(readFileSync(code, 'utf8')).toBe('129\n');
      expect(names(join(cwd, 'run')).some((name) => name.startsWith('checkpoint-'))).toBe(true);
    },
  );

  test('a reader of the messages that leaves does not end the run', async () => {
    const cwd = scratch();
    const argv = [SWIFT, ...SFT, ...IN_RUN, '--max_steps', '6'].map((word) => `'${word}'`).join(' ');
    const shell = spawn('bash', ['-c', `set -o pipefail; '${process.execPath}' ${argv} 2>&1 | head -1`], {
      cwd,
    });
    expect(await new Promise((resolve) => shell.once('exit', resolve))).toBe(0);
    expect(existsSync(join(cwd, 'run', 'checkpoint-6', 'adapter_model.safetensors'))).toBe(true);
  });
});

describe('what would compute something else is not gone on from', () => {
  const cwd = scratch();
  cpSync(TINY, join(cwd, 'model'), { recursive: true });
  const rows = (answer: string): string =>
    Array.from({ length: 8 }, (_, i) => `${JSON.stringify({ query: `q${i}`, response: answer })}\n`).join('');
  writeFileSync(join(cwd, 'rows.jsonl'), rows('yes'));
  const argv = [
    ...[
      'sft',
      '--model',
      'model',
      '--dataset',
      'rows.jsonl',
      '--dataset_test_ratio',
      '0',
      '--batch_size',
      '2',
    ],
    ...['--gradient_accumulation_steps', '1', '--max_steps', '4', '--save_steps', '2'],
    ...['--add_output_dir_suffix', 'false', '--output_dir', 'run'],
  ];
  const resume = (...flags: string[]) =>
    swift(['sft', '--resume_from_checkpoint', 'checkpoint', '--output_dir', 'again', ...flags], { cwd });
  /** Changes something for as long as `body` takes. */
  function changed(path: string, change: (bytes: Buffer) => Buffer | string, body: () => void): void {
    const before = readFileSync(join(cwd, path));
    writeFileSync(join(cwd, path), change(Buffer.from(before)));
    try {
      body();
    } finally {
      writeFileSync(join(cwd, path), before);
      rmSync(join(cwd, 'again'), { recursive: true, force: true });
    }
  }
  const flipped = (bytes: Buffer): Buffer => {
    bytes[bytes.length - 4004] ^= 1;
    return bytes;
  };

  test('a run', () => {
    expect(swift(argv, { cwd }).status).toBe(0);
    cpSync(join(cwd, 'run/checkpoint-2'), join(cwd, 'checkpoint'), { recursive: true });
    expect(resume().status).toBe(0);
    rmSync(join(cwd, 'again'), { recursive: true });
  });

  test.each([
    ['data', 'rows.jsonl', () => rows('no'), 'the training data is not what the checkpoint was trained on'],
    [
      'fewer rows',
      'rows.jsonl',
      () => rows('yes').split('\n').slice(4).join('\n'),
      '(8 samples then, 4 now)',
    ],
    ['the base model', 'model/model.safetensors', flipped, 'its weight files differ'],
    [
      'the optimizer',
      'checkpoint/optimizer.safetensors',
      flipped,
      'optimizer.safetensors is not what it was',
    ],
    [
      'the adapter',
      'checkpoint/adapter_model.safetensors',
      flipped,
      'adapter_model.safetensors is not what it was',
    ],
    [
      'the state',
      'checkpoint/trainer_state.json',
      (bytes: Buffer) => bytes.toString().replace('"global_step": 2', '"global_step": 3'),
      'trainer_state.json is not what it was',
    ],
  ])('%s', (_, path, change, said) => {
    changed(path, change, () => {
      const { stderr, status } = resume();
      const code = path.startsWith('checkpoint') ? 'BAD_CHECKPOINT' : 'RESUME_MISMATCH';
      expect(stderr).toContain(`error [${code}]: `);
      expect(stderr).toContain(said);
      expect(status).toBe(2);
      expect(existsSync(join(cwd, 'again'))).toBe(false);
      const forced = resume('--ignore_resume_mismatch', 'true');
      if (path.endsWith('trainer_state.json')) {
        expect(forced.stderr).toContain('the optimizer stands at step 2, the run at 3');
      } else {
        expect(forced.stderr).toMatch(/^warning: .*/m);
        expect(forced.stderr).toContain(said);
        expect(forced.status).toBe(0);
      }
    });
  });
});

describe('two at once', () => {
  test('a folder takes one run; a second one is refused and leaves the first alone', async () => {
    const cwd = scratch();
    const run = startSwift([...SFT, ...IN_RUN, '--max_steps', '100000', '--save_strategy', 'no'], {
      cwd,
    });
    let said = '';
    run.stderr!.on('data', (text: Buffer) => (said += text.toString()));
    while (!said.includes('step 2/')) await new Promise((resolve) => setTimeout(resolve, 10));
    const before = readFileSync(join(cwd, 'run', 'args.json'), 'utf8');
    const second = swift([...SFT, ...IN_RUN, '--max_steps', '2'], { cwd });
    expect(second.stderr).toContain(`is in use by another run (process ${run.pid})`);
    expect(second.status).toBe(1);
    expect(readFileSync(join(cwd, 'run', 'args.json'), 'utf8')).toBe(before);
    run.kill('SIGKILL');
    await new Promise((resolve) => run.once('exit', resolve));
    // A killed run holds nothing any more.
    expect(swift([...SFT, ...IN_RUN, '--max_steps', '2'], { cwd }).status).toBe(0);
    expect(steps(join(cwd, 'run'))).toEqual([1, 2]);
  });
});

describe('found before weights are read', () => {
  /** A model whose weights are missing: reading them would be another error. */
  function withoutWeights(): string {
    const cwd = scratch();
    cpSync(TINY, join(cwd, 'model'), { recursive: true });
    rmSync(join(cwd, 'model', 'model.safetensors'));
    return cwd;
  }

  test.each([
    ['template', ['--template_type', 'chatlm'], "'chatml'"],
    ['target', ['--target_modules', 'q_prj'], 'q_proj'],
    ['modules to save', ['--modules_to_save', 'norms'], 'norm'],
    ['tuner', ['--sft_type', 'lroa'], "'lora'"],
    ['optimizer', ['--optim', 'adamv_torch'], "'adamw_torch'"],
    ['backend', ['--backend', 'onnx'], 'onnxruntime'],
    ['dataset', ['--dataset', 'alpaka-en'], 'alpaca-en'],
    ['data file', ['--dataset', './no.jsonl'], 'no.jsonl'],
    ['rows too long', ['--max_length', '4'], 'longer than max_length'],
  ])('%s', (_, flags, said) => {
    const cwd = withoutWeights();
    const base = flags.includes('--dataset') ? ['sft'] : ['sft', '--dataset', QUICKSTART];
    const { stderr, status } = swift([...base, '--model', 'model', ...flags], { cwd });
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('safetensors');
    expect(status).toBe(2);
    expect(names(cwd)).toEqual(['model']);
  });

  test('the output folder', () => {
    const cwd = withoutWeights();
    writeFileSync(join(cwd, 'file'), '');
    const argv = ['sft', '--model', 'model', '--dataset', QUICKSTART, '--output_dir', 'file/below'];
    expect(swift(argv, { cwd }).stderr).toContain('[FILE_NOT_WRITABLE]: file/below cannot be written');
  });

  test('an output folder that its file system does not make', () => {
    const { stderr, status } = swift([...SFT, '--max_steps', '1', '--output_dir', '/proc/nowhere/run']);
    expect(stderr).toContain('FILE_NOT_WRITABLE');
    expect(status).toBe(1);
  });

  test.each([
    ['NPROC_PER_NODE', '2'],
    ['NNODES', '2'],
    ['MASTER_ADDR', '10.0.0.1'],
  ])('%s=%s asks for what is not here', (name, value) => {
    const { stderr, status } = swift([...SFT, '--max_steps', '1'], {
      cwd: withoutWeights(),
      env: { [name]: value },
    });
    expect(stderr).toContain(`[UNSUPPORTED_ARGUMENT]: ${name}=${value}: a run is one process`);
    expect(status).toBe(2);
  });
});

test('a tuner that trains nothing is refused', () => {
  const cwd = scratch();
  const argv = ['sft', '--model', TINY, '--dataset', QUICKSTART, '--sft_type', 'full'];
  const { stderr, status } = swift([...argv, '--freeze_parameters_ratio', '1'], { cwd });
  expect(stderr).toContain('every parameter is frozen: nothing would train');
  expect(status).toBe(2);
  expect(names(cwd)).toEqual([]);
});

test('runs of a local model are called after it', () => {
  const cwd = scratch();
  mkdirSync(join(cwd, 'models'));
  cpSync(TINY, join(cwd, 'models', 'my-model'), { recursive: true });
  const argv = ['sft', '--model', 'models/my-model', '--dataset', `${QUICKSTART}#8`, '--max_steps', '1'];
  const { stdout } = swift(argv, { cwd });
  expect(pathAfter('last_model_checkpoint', stdout)).toMatch(/output\/my-model\/v0-[\d-]+\/checkpoint-1$/);
});

test("SWIFT's own command line runs; what it says beside is said once", () => {
  const cwd = scratch();
  const argv = `sft --model ${TINY} --tuner_type lora --dataset ${QUICKSTART}#16 --torch_dtype bfloat16
    --num_train_epochs 1 --per_device_train_batch_size 4 --per_device_eval_batch_size 1 --learning_rate 1e-4
    --lora_rank 8 --lora_alpha 32 --target_modules all-linear --gradient_accumulation_steps 4 --eval_steps 50
    --save_steps 50 --save_total_limit 2 --logging_steps 5 --max_length 2048 --output_dir output
    --warmup_ratio 0.05 --dataset_num_proc 4 --dataloader_num_workers 4 --model_author swift --model_name robot`;
  const run = swift([...argv.split(/\s+/), '--system', 'You are a helpful assistant.'], {
    cwd,
    env: { CUDA_VISIBLE_DEVICES: '0' },
  });
  expect(run.status).toBe(0);
  for (const name of ['--per_device_eval_batch_size', '--dataloader_num_workers', 'CUDA_VISIBLE_DEVICES=0'])
    expect(run.stderr.split(`${name} has no effect`)).toHaveLength(2);
});
