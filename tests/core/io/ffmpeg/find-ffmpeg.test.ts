import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findFfmpeg } from '../../../../core/io/ffmpeg/find-ffmpeg.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = temporaryFolder();
const program = join(folder, 'ffmpeg');
writeFileSync(program, '#!/bin/sh\n');
chmodSync(program, 0o755);
afterEach(() => vi.unstubAllEnvs());

test('the program that FFMPEG_PATH names goes before others', async () => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('FFMPEG_PATH', program);
  expect(await findFfmpeg()).toBe(program);
});

test('then the one on PATH, then that of the package', async () => {
  vi.stubEnv('FFMPEG_PATH', '');
  vi.stubEnv('PATH', `/nowhere:${folder}`);
  expect(await findFfmpeg()).toBe(program);
  vi.stubEnv('PATH', '');
  expect(await findFfmpeg()).toMatch(/@ffmpeg-installer/);
});

test('a FFMPEG_PATH that is no program is said, and none other taken', async () => {
  vi.stubEnv('FFMPEG_PATH', join(folder, 'none'));
  await expect(findFfmpeg()).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(/FFMPEG_PATH names .*none, which is no program/) as string,
  });
});
