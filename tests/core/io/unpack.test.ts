import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unpacked } from '../../../core/io/unpack.js';
import { tarGzOf, tarOf, zipOf } from '../../../local-hub/content/archives.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => i % 251));
const files = { 'a.txt': Buffer.from('one'), 'deep/er/b.bin': bytes(100_000), 'empty.txt': Buffer.alloc(0) };

async function unpack(name: string, archive: Uint8Array): Promise<string> {
  writeFileSync(join(folder, name), archive);
  return unpacked(join(folder, name));
}

describe.each([
  ['zip', zipOf],
  ['tar', tarOf],
  ['tar.gz', tarGzOf],
  ['tgz', tarGzOf],
] as const)('%s', (ending, archiveOf) => {
  test('its files lie in a hidden folder beside it, as they were', async () => {
    const place = await unpack(`x.${ending}`, archiveOf(files));
    expect(place).toBe(join(folder, `.x.${ending}.unpacked`));
    for (const [name, contents] of Object.entries(files))
      expect(readFileSync(join(place, name)).equals(contents)).toBe(true);
  });

  test('it is unpacked once', async () => {
    const place = await unpack(`y.${ending}`, archiveOf(files));
    writeFileSync(join(place, 'a.txt'), 'changed');
    await unpacked(join(folder, `y.${ending}`));
    expect(readFileSync(join(place, 'a.txt'), 'utf8')).toBe('changed');
  });

  test.each(['../out.txt', '/out.txt', 'a/../../out.txt', 'c:/out.txt'])(
    "a file '%s' outside itself is refused, and nothing stays behind",
    async (name) => {
      await expect(unpack(`z.${ending}`, archiveOf({ [name]: bytes(3) }))).rejects.toMatchObject({
        code: 'BAD_FILE',
        message: expect.stringContaining('names a file outside itself'),
      });
      expect(existsSync(join(folder, 'out.txt'))).toBe(false);
      expect(readdirSync(folder).filter((file) => file.includes(`z.${ending}`))).toEqual([`z.${ending}`]);
    },
  );

  test('half of it is refused', async () => {
    const whole = archiveOf(files);
    await expect(unpack(`h.${ending}`, whole.subarray(0, whole.length / 2))).rejects.toMatchObject({
      code: 'BAD_FILE',
    });
  });
});

test('a tar whose header was changed is refused; long names of GNU and pax are read', async () => {
  const damaged = tarOf(files);
  damaged[3] ^= 1;
  await expect(unpack('d.tar', damaged)).rejects.toThrow('the sum of a header does not agree');
  const name = `${'long/'.repeat(30)}b.txt`;
  const gnu = retyped(tarOf({ '././@LongLink': Buffer.from(`${name}\0`) }), 'L');
  const line = ` path=${name}\n`;
  const pax = retyped(tarOf({ 'PaxHeaders/b.txt': Buffer.from(`${line.length + 3}${line}`) }), 'x');
  for (const [kind, header] of Object.entries({ gnu, pax })) {
    const place = await unpack(
      `${kind}.tar`,
      Buffer.concat([header.subarray(0, 1024), tarOf({ 'b.txt': bytes(9) })]),
    );
    expect(readFileSync(join(place, name)).equals(bytes(9))).toBe(true);
  }
});

/** The first header of an archive, of another type. */
function retyped(tar: Buffer, type: string): Buffer {
  const sum = parseInt(tar.toString('latin1', 148, 154), 8) + type.charCodeAt(0) - tar[156];
  tar.write(type, 156);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return tar;
}
