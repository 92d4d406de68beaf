import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { optimizerPlugin } from './optimizer-plugin.js';
import { QUICKSTART, ROOT, scratch, startSwift, swift, TINY } from './swift.js';

const TRAIN = [
  ...['sft', '--model', TINY, '--dataset', `${QUICKSTART}#16`, '--dataset_test_ratio', '0'],
  ...['--batch_size', '2', '--gradient_accumulation_steps', '1', '--max_steps', '6', '--save_steps', '2'],
  ...['--add_output_dir_suffix', 'false', '--output_dir', 'run'],
];

function trainWith(plugin: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  return swift([...TRAIN, '--plugins', plugin, '--optim', 'test-optimizer'], { cwd, env });
}

describe('a crash of the engine is one error, with the step and the command that goes on', () => {
  test.each([
    [
      'an error',
      `throw new TypeError('boom')`,
      /the engine crashed: TypeError: boom at file:.*optimizer\.js:\d+:\d+/,
    ],
    ['an error outside of the run', `setImmediate(() => { throw new Error('stray') });`, /stray/],
    ['process.exit', 'process.exit(7)', /the engine ended with exit code 7/],
    [
      'no memory left',
      'for (const kept = []; ; ) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })));',
      /ran out of JavaScript heap/,
    ],
  ])('%s', (_, body, said) => {
    const cwd = scratch();
    // Only the first run crashes, so that the command shown can be tried.
    const once = `if (this.steps === 4 && !existsSync('crashed')) { writeFileSync('crashed', ''); ${body} }`;
    const plugin = optimizerPlugin(cwd, once, `import { existsSync, writeFileSync } from 'node:fs';`);
    const crash = trainWith(plugin, cwd, { NODE_OPTIONS: '--max-old-space-size=192' });
    expect(crash.status).toBe(1);
    expect(crash.stderr).toMatch(said);
    expect(crash.stderr).toMatch(/error \[ENGINE_CRASHED\]: .*\(in step [45]\)/);
    expect(crash.stderr).not.toMatch(/^ +at /m);
    const [, command] = /^ {2}swift (.*--resume_from_checkpoint \S+)$/m.exec(crash.stderr)!;
    expect(command).toContain(join(cwd, 'run/checkpoint-'));
    const resumed = swift(command.split(' '), { cwd });
    expect(resumed.stderr).toMatch(/going on from step [24]/);
    expect(resumed.status).toBe(0);
    expect(existsSync(join(cwd, 'run/checkpoint-6'))).toBe(true);
  });

  test('before the first checkpoint there is none to go on from', () => {
    const cwd = scratch();
    const crash = trainWith(optimizerPlugin(cwd, `throw new Error('at once')`), cwd);
    expect(crash.stderr).toMatch(/at once .*\(in step 1\)/);
    expect(crash.stderr).toContain('No checkpoint was written yet.');
    expect(crash.status).toBe(1);
  });
});

describe('the main thread is free while the engine computes', () => {
  /** Blocks its thread in a step until a file is there. */
  const blocked = (cwd: string): string =>
    optimizerPlugin(
      cwd,
      `writeFileSync('blocked', ''); while (!existsSync('go'));`,
      `import { existsSync, writeFileSync } from 'node:fs';`,
    );

  test('a timer ticks in the middle of a step', () => {
    const cwd = scratch();
    // The step cannot end before the main thread has seen twenty ticks of it.
    writeFileSync(
      join(cwd, 'ticking.mjs'),
      `import { existsSync, writeFileSync } from 'node:fs';
       import { isMainThread } from 'node:worker_threads';
       let ticks = 0;
       const tick = () => {
         if (existsSync('blocked') && ++ticks === 20) writeFileSync('go', '');
       };
       if (isMainThread) setInterval(tick, 1).unref();`,
    );
    const preload = `--import ${pathToFileURL(join(cwd, 'ticking.mjs')).href}`;
    expect(trainWith(blocked(cwd), cwd, { NODE_OPTIONS: preload }).status).toBe(0);
  });

  test('Ctrl-C is answered in the middle of a step; a second one ends the process there', async () => {
    const cwd = scratch();
    const run = startSwift([...TRAIN, '--plugins', blocked(cwd), '--optim', 'test-optimizer'], { cwd });
    let said = '';
    run.stderr!.on('data', (text: Buffer) => (said += text.toString()));
    const until = async (seen: () => boolean): Promise<void> => {
      while (!seen() && run.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(() => existsSync(join(cwd, 'blocked')));
    run.kill('SIGINT');
    await until(() => said.includes('interrupted: finishing this step'));
    run.kill('SIGINT');
    await until(() => false);
    expect(run.exitCode).toBe(130);
    expect(readdirSync(join(cwd, 'run')).filter((name) => name.startsWith('checkpoint-'))).toEqual([]);
  });
});

test('an answer in the thread can be stopped, and the next one is whole', () => {
  const url = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, 'dist/core', path)).href);
  const argv = ['--model', TINY, '--temperature', '0', '--max_new_tokens', '12'];
  const script = `
    import { commandLine } from ${url('config/command-line.js')};
    import { EngineThread } from ${url('worker/engine-thread.js')};
    const engine = new EngineThread({ info() {}, warn() {} });
    await engine.call('openChat', commandLine('infer', ${JSON.stringify(argv)}));
    const ask = (options) =>
      engine.call('answer', { messages: [{ role: 'user', content: 'Tell me a story' }] }, options);
    const stop = new AbortController();
    const stopping = ask({ signal: stop.signal });
    stop.abort();
    const stopped = await stopping;
    const never = await ask({ signal: stop.signal });
    const whole = await ask();
    await engine.close();
    console.log(JSON.stringify([stopped.text, never.text, whole.text]));`;
  const file = join(scratch(), 'ask.mjs');
  writeFileSync(file, script);
  const run = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const [stopped, never, whole] = JSON.parse(run.stdout) as string[];
  for (const part of [stopped, never]) {
    expect(whole.startsWith(part)).toBe(true);
    expect(part.length).toBeLessThan(whole.length);
  }
});

test('sources run as they are, in both threads', () => {
  const argv = ['-C', 'swift-source', '--import', join(ROOT, 'tests/e2e/source-mode.mjs')];
  const ask = ['infer', '--model', TINY, '--query', 'Hello', '--temperature', '0'];
  const run = spawnSync(process.execPath, [...argv, join(ROOT, 'core/cli/main.ts'), ...ask], {
    encoding: 'utf8',
  });
  expect(run.stderr).not.toContain('error');
  expect(run.stdout).toBe(swift(ask).stdout);
});
