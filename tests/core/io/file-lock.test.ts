import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder, tryLock } from '../../../core/io/file-lock.js';
import { makeFolder } from '../../../core/io/make-folder.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

test('one holder at a time; released, it is free, and nothing is left', () => {
  const at = join(folder, 'a', 'run');
  const lock = lockFolder(at);
  expect(tryLock(join(at, '.lock'))).toBeUndefined();
  expect(() => lockFolder(at)).toThrow('is in use by another run (this process)');
  lock.release();
  expect(readdirSync(at)).toEqual([]);
  lockFolder(at).release();
});

test.each([
  [
    'a process that has ended',
    () => JSON.stringify({ pid: spawnSync('true').pid, host: hostname(), token: 'x' }),
  ],
  ['a lock that was cut off', () => '{"pid": 1'],
  ['an empty lock', () => ''],
])('%s holds nothing', (name, text) => {
  const at = join(folder, name.replaceAll(' ', '-'));
  makeFolder(at);
  writeFileSync(join(at, '.lock'), text());
  const lock = tryLock(join(at, '.lock'));
  expect(lock).toBeDefined();
  expect(tryLock(join(at, '.lock'))).toBeUndefined();
  lock!.release();
  expect(readdirSync(at)).toEqual([]);
});

test('a live process and one of another machine hold theirs', () => {
  const at = join(folder, 'live');
  makeFolder(at);
  const child = spawn('sleep', ['60']);
  for (const holder of [
    { pid: child.pid, host: hostname(), token: 'x' },
    { pid: 1, host: 'elsewhere', token: 'x' },
  ]) {
    writeFileSync(join(at, '.lock'), JSON.stringify(holder));
    expect(() => lockFolder(at)).toThrow(`process ${holder.pid}`);
  }
  child.kill();
});

test('of many that find a fallen lock, one takes it', async () => {
  const at = join(folder, 'race');
  makeFolder(at);
  writeFileSync(join(at, '.lock'), '');
  const module = new URL('../../../core/io/file-lock.ts', import.meta.url).href;
  const script = `const { tryLock } = await import(${JSON.stringify(module)});
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdout.write(tryLock(${JSON.stringify(join(at, '.lock'))}) ? 'held' : 'free');
    await new Promise((resolve) => process.stdin.once('end', resolve));`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['-C', 'swift-source', '--import', 'tsx', '--input-type=module', '-e', script]),
  );
  const said = children.map(
    (child) =>
      new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(String(text)))),
  );
  for (const child of children) child.stdin.write('go\n');
  const answers = await Promise.all(said);
  for (const child of children) child.stdin.end();
  expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
});

test('a folder is made with those above it, or its file system refuses at once', () => {
  const deep = join(folder, 'x', 'y', 'z');
  makeFolder(deep);
  makeFolder(deep);
  expect(existsSync(deep)).toBe(true);
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
  if (existsSync('/proc/self')) expect(() => makeFolder('/proc/nowhere/below')).toThrow('ENOENT');
});
