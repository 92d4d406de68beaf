/** Training jobs: shown, run again from disk, in a process of their own, by an engine of somebody's. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { QUICKSTART, scratch, startSwift, swift, TINY } from './swift.js';

const cwd = scratch();
const adapter = (run: string): Buffer =>
  readFileSync(join(cwd, run, 'checkpoint-4', 'adapter_model.safetensors'));
const rows = (count: number): string =>
  readFileSync(QUICKSTART, 'utf8').split('\n').slice(0, count).join('\n') + '\n';

const SFT = [
  ...['sft', '--model', TINY, '--dataset', 'rows.jsonl', '--dataset_test_ratio', '0', '--logging_steps', '1'],
  ...['--batch_size', '2', '--gradient_accumulation_steps', '1', '--add_output_dir_suffix', 'false'],
  ...['--save_steps', '2'],
];

beforeAll(() => {
  writeFileSync(join(cwd, 'rows.jsonl'), rows(16));
  expect(swift([...SFT, '--output_dir', 'run', '--max_steps', '4'], { cwd }).status).toBe(0);
});

test('what is shown before a run is the job of the run, and nothing is written', () => {
  const shown = swift(['job', 'show', ...SFT, '--output_dir', 'run', '--max_steps', '4'], { cwd });
  expect(shown.status).toBe(0);
  const held = readFileSync(join(cwd, 'run', 'job.json'), 'utf8');
  expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(held));
  expect(swift(['job', 'show', 'run'], { cwd }).stdout).toBe(held);
  const other = swift(['job', 'show', ...SFT, '--output_dir', 'elsewhere'], { cwd });
  expect(JSON.parse(other.stdout)).toMatchObject({
    outputs: { folder: expect.stringMatching(/elsewhere$/) },
  });
  expect(existsSync(join(cwd, 'elsewhere'))).toBe(false);
});

test('a job from disk trains to the same bits, from anywhere, unless it is another one by now', () => {
  const before = adapter('run');
  const text = readFileSync(join(cwd, 'run', 'job.json'), 'utf8');
  writeFileSync(join(cwd, 'job.json'), text);
  rmSync(join(cwd, 'run'), { recursive: true });
  const run = swift(['job', 'run', join(cwd, 'job.json')], { cwd: scratch() });
  expect(run.status).toBe(0);
  expect(adapter('run').equals(before)).toBe(true);
  expect(readFileSync(join(cwd, 'run', 'job.json'), 'utf8')).toBe(text);

  writeFileSync(join(cwd, 'edited.json'), text.replace('"max_steps": 4,', '"max_steps": 5,'));
  const edited = swift(['job', 'run', 'edited.json'], { cwd });
  expect(edited.status).toBe(2);
  expect(edited.stderr).toMatch(/JOB_MISMATCH.*schedule\.max_steps: was 5, is 4/);
  writeFileSync(join(cwd, 'rows.jsonl'), rows(20));
  const grown = swift(['job', 'run', 'job.json'], { cwd });
  writeFileSync(join(cwd, 'rows.jsonl'), rows(16));
  expect(grown.status).toBe(2);
  expect(grown.stderr).toMatch(/data\.train\.0\.bytes: was \d+, is \d+/);
});

test('a run in a process of its own is the same, bit for bit, and shows the same', () => {
  const flags = ['--output_dir', 'own', '--max_steps', '4', '--engine_process', 'own'];
  const own = swift([...SFT, ...flags], { cwd });
  expect(own.status).toBe(0);
  expect(own.stderr).toMatch(/^step 4\/4 {2}loss/m);
  expect(own.stdout).toMatch(/^last_model_checkpoint: .*own\/checkpoint-4$/m);
  expect(adapter('own').equals(adapter('run'))).toBe(true);
});

test.skipIf(process.platform !== 'linux')(
  'its process may be killed: the command says so, and how to go on; Ctrl-C saves a checkpoint',
  async () => {
    const argv = [...SFT, '--max_steps', '100000', '--engine_process', 'own', '--output_dir'];
    const killed = await cutOff([...argv, 'killed'], (pid) => {
      const [child] = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
        readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
      );
      process.kill(Number(child), 'SIGKILL');
    });
    expect(killed.code).toBe(1);
    expect(killed.said).toMatch(/ENGINE_CRASHED.*ended by the signal SIGKILL \(in step \d+\)/);
    expect(killed.said).toMatch(/swift sft .*--resume_from_checkpoint .*killed\/checkpoint-\d+/);
    const stopped = await cutOff([...argv, 'stopped'], (pid) => process.kill(pid, 'SIGINT'));
    expect(stopped.code).toBe(130);
    expect(stopped.said).toMatch(/to go on: swift sft .*stopped\/checkpoint-\d+/);
  },
);

/** Starts a run, cuts it off in its fourth step or later. */
async function cutOff(
  argv: readonly string[],
  cut: (pid: number) => void,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const run = startSwift(argv, { cwd });
  let said = '';
  run.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise<number | null>((resolve) => run.once('exit', resolve));
  while (!said.includes('step 4/')) await new Promise((resolve) => setTimeout(resolve, 10));
  cut(run.pid!);
  return { code: await ended, said };
}

test('an engine in one file: its flag, what it refuses, the job that it is given', () => {
  writeFileSync(
    join(cwd, 'queue.ts'),
    `import { argument, engine, SwiftError, type Engine, type EngineWays, type Job, type ValuesOf } from 'swift-ts/plugin';
     const queueArguments = { queue_name: argument.string({ default: 'day', help: 'which queue' }) } as const;
     @engine({ id: 'queue', summary: 'says what it runs', arguments: queueArguments })
     export class Queue implements Engine<ValuesOf<typeof queueArguments>> {
       check({ adapters }: Job) {
         if (adapters[0].id === 'full') throw new SwiftError('BAD_ARGUMENT', 'the queue trains no whole models');
       }
       run(job: Job, { queue_name }: ValuesOf<typeof queueArguments>, ways: EngineWays) {
         ways.log.info(\`queue \${queue_name}: \${job.schedule.max_steps} steps\`);
         return ways.here();
       }
     }`,
  );
  const flags = ['--max_steps', '4', '--output_dir', 'queued', '--plugins', './queue.ts'];
  const queued = swift([...SFT, ...flags, '--engine', 'queue', '--queue_name', 'night'], { cwd });
  expect(queued.stderr).toContain('queue night: 4 steps');
  expect(adapter('queued').equals(adapter('run'))).toBe(true);
  const full = swift([...SFT, ...flags, '--engine', 'queue', '--sft_type', 'full'], { cwd });
  expect(full.status).toBe(2);
  expect(full.stderr).toContain('the queue trains no whole models');
  const other = swift([...SFT, ...flags, '--queue_name', 'night'], { cwd });
  expect(other.status).toBe(2);
  expect(other.stderr).toMatch(/--queue_name: 'queue_name' is of engine queue, and local is chosen/);
  expect(swift(['sft', '--help', '--engine', 'queue', '--plugins', './queue.ts'], { cwd }).stdout).toContain(
    '--queue_name',
  );
});

test.each([
  [['job'], /what to do with a job is not said/],
  [['job', 'shwo', 'x'], /a job cannot 'shwo'[^]*Did you mean 'show'/],
  [['job', 'show'], /no job is given/],
  [['job', 'show', 'stf'], /there is no job at stf/],
  [['job', 'run', 'a', 'b'], /'b' is not expected here/],
  [['job', 'show', 'sft', '--model', TINY], /no dataset is given/],
])('%j', (argv, message) => {
  const { status, stderr } = swift(argv, { cwd });
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

test('help of a job is its usage, or the arguments of the command that is shown', () => {
  for (const argv of [
    ['job', '--help'],
    ['help', 'job'],
    ['job', 'run', '--help'],
  ])
    expect(swift(argv).stdout).toContain('swift job run <run folder or job.json>');
  expect(swift(['job', 'show', 'sft', '--help', '--sft_type', 'llamapro']).stdout).toContain(
    '--llamapro_num_new_blocks',
  );
});

test('where the other process cannot be handed its job, nothing begins; afterwards no file of it is left', () => {
  const own = ['--max_steps', '2', '--engine_process', 'own', '--output_dir'];
  const refused = swift([...SFT, ...own, 'refused'], {
    cwd,
    env: { TMPDIR: join(cwd, 'rows.jsonl', 'nowhere') },
  });
  expect(refused.stderr).toMatch(/FILE_NOT_WRITABLE.*nowhere[^]*TMPDIR/);
  expect(existsSync(join(cwd, 'refused'))).toBe(false);
  const folder = scratch();
  expect(swift([...SFT, ...own, 'done'], { cwd, env: { TMPDIR: folder } }).status).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('the library that computes collects nothing about its user', () => {
  const home = scratch();
  const env = { HOME: home, TMPDIR: home, XDG_CACHE_HOME: join(home, 'cache') };
  expect(swift(['infer', '--model', TINY, '--query', 'hi', '--max_new_tokens', '2'], { env }).status).toBe(0);
  expect(readdirSync(home)).toEqual([]);
});
