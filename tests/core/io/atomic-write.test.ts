import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { writeFileAtomic, writeFolderAtomic } from '../../../core/io/atomic-write.js';
import { temporaryFolder } from './temporary-folder.js';

const root = temporaryFolder();

async function* failing() {
  yield new Uint8Array(10);
  await Promise.resolve();
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}

describe('a file', () => {
  test('takes its name only when whole, and replaces its forerunner', async () => {
    const path = join(root, 'deep', 'er', 'a.txt');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, Buffer.from('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(root, 'deep', 'er'))).toEqual(['a.txt']);
  });

  test('a full disk leaves the former file and no scrap', async () => {
    const path = join(root, 'full', 'a.txt');
    await writeFileAtomic(path, 'one');
    await expect(writeFileAtomic(path, failing())).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      exitCode: 1,
      message: expect.stringContaining(`${path} (stopped after 10 bytes)`),
      cure: [expect.stringContaining('Free some space')],
    });
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(join(root, 'full'))).toEqual(['a.txt']);
  });

  test('a file where a folder is needed', async () => {
    writeFileSync(join(root, 'plain'), '');
    await expect(writeFileAtomic(join(root, 'plain', 'a.txt'), '')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      exitCode: 1,
    });
  });

  test.skipIf(process.getuid?.() === 0)('a folder without permission', async () => {
    const folder = join(root, 'locked');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    await expect(writeFileAtomic(join(folder, 'a.txt'), '')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      cure: [expect.stringContaining('permissions')],
    });
  });
});

describe('a folder', () => {
  test('appears whole', async () => {
    const path = join(root, 'run', 'checkpoint-1');
    await writeFolderAtomic(path, async (folder) => {
      await writeFile(join(folder, 'a'), 'a');
      mkdirSync(join(folder, 'sub'));
      await writeFile(join(folder, 'sub', 'b'), 'b', { mode: 0o444 });
      expect(existsSync(path)).toBe(false);
    });
    expect(readdirSync(path, { recursive: true }).sort()).toEqual(['a', 'sub', join('sub', 'b')]);
    expect(readdirSync(join(root, 'run'))).toEqual(['checkpoint-1']);
  });

  test('replaces its forerunner', async () => {
    const path = join(root, 'again', 'c');
    for (const name of ['one', 'two']) {
      await writeFolderAtomic(path, (folder) => writeFile(join(folder, name), ''));
    }
    expect(readdirSync(path)).toEqual(['two']);
    expect(readdirSync(join(root, 'again'))).toEqual(['c']);
  });

  test('a failure leaves what was there, and nothing else', async () => {
    const path = join(root, 'kept', 'c');
    await writeFolderAtomic(path, (folder) => writeFile(join(folder, 'one'), ''));
    const full = writeFolderAtomic(path, async (folder) => {
      await writeFile(join(folder, 'two'), '');
      await writeFileAtomic(join(folder, 'three'), failing());
    });
    await expect(full).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE', exitCode: 1 });
    const own = writeFolderAtomic(path, () => Promise.reject(new Error('of its own')));
    await expect(own).rejects.toThrow('of its own');
    expect(readdirSync(path)).toEqual(['one']);
    expect(readdirSync(join(root, 'kept'))).toEqual(['c']);
  });

  test('a kill at any instant leaves whole folders only', async () => {
    const path = join(root, 'killed');
    mkdirSync(path);
    const script = fileURLToPath(new URL('killed-writer.ts', import.meta.url));
    const child = spawn(process.execPath, ['-C', 'swift-source', '--import', 'tsx', script, path]);
    let steps = 0;
    for await (const piece of child.stdout) {
      steps += String(piece).trim().split('\n').length;
      if (steps >= 5) break;
    }
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const folders = readdirSync(path).filter((name) => !name.startsWith('.'));
    expect(folders.length).toBeGreaterThanOrEqual(5);
    for (const name of folders) {
      const step = Number(name.split('-')[1]) & 255;
      for (const file of ['a', 'b', 'c']) {
        expect(readFileSync(join(path, name, file)).equals(Buffer.alloc(100_000, step))).toBe(true);
      }
    }
  });
});
