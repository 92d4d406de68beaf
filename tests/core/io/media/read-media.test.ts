import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import type { MediaSource } from '../../../../core/contracts/media.js';
import { inMediaFile } from '../../../../core/io/media/temporary-file.js';
import { nameOf, readMedia } from '../../../../core/io/media/read-media.js';
import { temporaryFolder } from '../temporary-folder.js';

const BYTES = Buffer.from(Array.from({ length: 60 }, (_, i) => i * 4));
const BASE64 = BYTES.toString('base64');
const folder = temporaryFolder();
mkdirSync(join(folder, 'images'));
writeFileSync(join(folder, 'images', 'a.png'), BYTES);

describe('reads', () => {
  const sources: readonly (readonly [string, MediaSource])[] = [
    ['a whole path', join(folder, 'images', 'a.png')],
    ['a path from the folder of the dataset', 'images/a.png'],
    ['a file address', pathToFileURL(join(folder, 'images', 'a.png')).href],
    ['a data URL', `data:image/png;base64,${BASE64}`],
    ['base64', BASE64],
    ['bytes', { bytes: BYTES, path: 'a.png' }],
    ['a path beside no bytes', { bytes: null, path: 'images/a.png' }],
  ];

  test.each(sources)('%s', async (_, source) => {
    expect(Buffer.from(await readMedia('image', source, folder)).equals(BYTES)).toBe(true);
  });

  test.each(sources)('%s, in a file', async (_, source) => {
    const bytes = await inMediaFile('video', source, folder, (path) => Promise.resolve(readFileSync(path)));
    expect(bytes.equals(BYTES)).toBe(true);
  });

  test('an address, once, of a host that is allowed', async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      if (request.url === '/elsewhere.png') {
        response.writeHead(302, { location: 'http://10.0.0.1/a.png' }).end();
        return;
      }
      response.statusCode = request.url === '/a.png' ? 200 : 404;
      response.end(BYTES);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await expect(readMedia('image', `${url}/a.png`)).rejects.toMatchObject({
        code: 'BAD_ROW',
        message: 'media of rows are not fetched from 127.0.0.1: it is in the network of this machine',
      });
      expect(asked).toBe(0);
      vi.stubEnv('SWIFT_MEDIA_HOSTS', 'example.org, 127.0.0.1');
      expect(Buffer.from(await readMedia('image', `${url}/a.png`)).equals(BYTES)).toBe(true);
      expect(asked).toBe(1);
      await expect(readMedia('image', `${url}/elsewhere.png`)).rejects.toMatchObject({
        code: 'BAD_ROW',
        message: expect.stringMatching(/from 10\.0\.0\.1: it is no host of SWIFT_MEDIA_HOSTS/) as string,
      });
      await expect(readMedia('image', `${url}/b.png`)).rejects.toMatchObject({
        code: 'HUB_UNREACHABLE',
        exitCode: 1,
        message: expect.stringMatching(/b\.png cannot be fetched: the server answers 404/) as string,
      });
    } finally {
      server.close();
    }
    await expect(readMedia('image', `${url}/a.png`)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
    vi.unstubAllEnvs();
  });
});

describe('refuses', () => {
  test.each<readonly [MediaSource, string, RegExp]>([
    ['images/b.png', 'FILE_NOT_FOUND', /there is no image 'images\/b\.png'/],
    ['images', 'FILE_NOT_FOUND', /there is no image 'images'/],
    ['', 'FILE_NOT_FOUND', /there is no image/],
    ['data:image/png,abc', 'BAD_ROW', /is not in base64/],
    [{ bytes: null, path: null }, 'BAD_ROW', /neither bytes nor a path/],
    [{ path: 'b.png' }, 'FILE_NOT_FOUND', /there is no image 'b\.png'/],
  ])('%j', async (source, code, message) => {
    await expect(readMedia('image', source, folder)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

test('names in messages are short', () => {
  expect(nameOf('image', 'a.png')).toBe('a.png');
  expect(nameOf('image', `data:image/png;base64,${BASE64}`)).toMatch(/^data:image\/png;base64,.{0,20}…$/);
  expect(nameOf('image', BASE64.repeat(9)).length).toBeLessThan(90);
  expect(nameOf('audio', { bytes: BYTES })).toBe('audio bytes');
});
