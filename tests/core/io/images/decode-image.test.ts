import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../../core/io/images/decode-image.js';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
}

const path = fileURLToPath(new URL('../../../fixtures/io/images.json', import.meta.url));
const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly Case[];
const bytesOf = (name: string): Buffer => Buffer.from(cases.find((one) => one.name === name)!.file, 'base64');

test.each(cases)('$name: the bytes that Pillow decodes', async ({ file, width, height, rgb, name }) => {
  const image = await decodeImage(Buffer.from(file, 'base64'), name);
  expect([image.width, image.height]).toEqual([width, height]);
  expect(Buffer.from(image.data).toString('base64')).toBe(rgb);
});

describe('is told as a fault of the image', () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    expect(decodeImage(bytes, 'a.png')).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(message) as string,
    });

  test.each(['PNG', 'JPEG', 'WebP', 'GIF'])('%s that ends early', async (name) => {
    const bytes = bytesOf(name);
    await refused(
      bytes.subarray(0, Math.floor(bytes.length * 0.6)),
      /^the image 'a\.png' cannot be decoded: /,
    );
  });

  test('a drawing', async () => {
    await refused(
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /svg is not read/,
    );
  });

  test('text, and nothing at all', async () => {
    await refused(Buffer.from('I am no picture'), /unsupported image format/);
    await refused(new Uint8Array(), /cannot be decoded/);
  });

  test('a small file that asks for gigabytes of pixels', async () => {
    const white = { width: 13_400, height: 13_400, channels: 3, background: 'white' } as const;
    const bomb = await sharp({ create: white, limitInputPixels: false })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await refused(bomb, /exceeds pixel limit/);
  }, 60_000);
});
