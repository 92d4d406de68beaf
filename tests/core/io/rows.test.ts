import fc from 'fast-check';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseExactJson } from '../../../core/io/exact-json.js';
import { jsonFault } from '../../../core/io/rows/json-fault.js';
import type { OriginatedRow } from '../../../core/io/rows/originated-row.js';
import { readRows } from '../../../core/io/rows/read-rows.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function all(path: string): Promise<OriginatedRow[]> {
  const rows: OriginatedRow[] = [];
  for await (const row of readRows(path)) rows.push(row);
  return rows;
}

const rowsOf = async (path: string) => (await all(path)).map(({ row }) => row);
const linesOf = async (path: string) => (await all(path)).map(({ origin }) => origin.line);

describe('jsonl', () => {
  test('rows with their lines; blank lines, CRLF and a byte order mark do not matter', async () => {
    const path = file('a.jsonl', '\uFEFF{"q":"1"}\r\n\r\n{"q":"a\u2028b"}');
    expect(await all(path)).toEqual([
      { row: { q: '1' }, origin: { file: path, line: 1 } },
      { row: { q: 'a\u2028b' }, origin: { file: path, line: 3 } },
    ]);
  });

  test('any JSON object survives, however the bytes fall into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), async (rows) => {
        const lines = rows.map((row) => JSON.stringify(row));
        const path = file('any.jsonl', lines.join('\n'));
        const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
        expect((await rowsOf(path)).map((row) => JSON.stringify(row, plain))).toEqual(lines);
      }),
      { numRuns: 40 },
    );
    const long = { q: 'ü€😀'.repeat(200_000) };
    expect(await rowsOf(file('long.jsonl', JSON.stringify(long)))).toEqual([long]);
  });

  test('a bad line is named, with the reason', async () => {
    const path = file('bad.jsonl', '{"q":1}\n{"q":\n');
    await expect(all(path)).rejects.toMatchObject({
      code: 'BAD_ROW',
      exitCode: 2,
      message: expect.stringContaining(`${path}:2: this line is not JSON: `),
    });
    await expect(all(file('array.jsonl', '[1]'))).rejects.toThrow('but this is an array');
    await expect(all(file('text.jsonl', '"x"'))).rejects.toThrow('but this is the string "x"');
  });

  test('gzip, and what is not gzip or not UTF-8', async () => {
    const packed = gzipSync('{"q":1}\n{"q":2}\n');
    expect(await rowsOf(file('a.jsonl.gz', packed))).toEqual([{ q: 1 }, { q: 2 }]);
    for (const [name, bytes] of [
      ['cut.jsonl.gz', packed.subarray(0, 20)],
      ['no.jsonl.gz', Buffer.from('plain')],
      ['latin.jsonl', Buffer.from([0x22, 0xe9, 0x22])],
    ] as const) {
      await expect(all(file(name, bytes))).rejects.toMatchObject({ code: 'BAD_FILE' });
    }
  });
});

describe('json', () => {
  const rows = [{ q: 1 }, { q: 2 }];
  test.each([
    ['an array', JSON.stringify(rows)],
    ['a pretty array', JSON.stringify(rows, null, 2)],
    ['an object around it', JSON.stringify({ version: 1, data: rows })],
    ['lines', '{"q":1}\n{"q":2}\n'],
  ])('%s', async (name, text) => {
    const path = file(`${name}.json`, text);
    expect(await rowsOf(path)).toEqual(rows);
    expect(await linesOf(path)).toEqual([1, 2]);
  });

  test('a single conversation is one row', async () => {
    const row = { messages: [{ role: 'user', content: 'x' }] };
    expect(await rowsOf(file('one.json', JSON.stringify(row, null, 1)))).toEqual([row]);
  });

  test('faults', async () => {
    await expect(all(file('comma.json', '[\n {"q":1},\n]'))).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('is not JSON at line 3, column 1'),
    });
    await expect(all(file('row.json', '[{"q":1}, 7]'))).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: expect.stringContaining('row.json:2: a row must be an object'),
    });
    await expect(all(file('empty.json', ''))).rejects.toMatchObject({ code: 'BAD_FILE' });
  });
});

describe('csv', () => {
  test('quotes, commas and line breaks within values; lines are true', async () => {
    const path = file('a.csv', '\uFEFFq,r\n"a, ""b""",1\n"two\nlines",2\nlast,3\n');
    expect(await rowsOf(path)).toEqual([
      { q: 'a, "b"', r: '1' },
      { q: 'two\nlines', r: '2' },
      { q: 'last', r: '3' },
    ]);
    expect(await linesOf(path)).toEqual([2, 3, 5]);
    expect(await rowsOf(file('a.tsv', 'q\tr\n1,5\tx\n'))).toEqual([{ q: '1,5', r: 'x' }]);
  });

  test('a quote inside a field is a character', async () => {
    const rows = [{ q: '5" screen', r: 'say "hi"' }];
    expect(await rowsOf(file('inch.csv', 'q,r\n5" screen,say "hi"\n'))).toEqual(rows);
    expect(await rowsOf(file('inch.tsv', 'q\tr\n5" screen\tsay "hi"\n'))).toEqual(rows);
  });

  test.each([';', '\t', ','])('the delimiter is the one of the header: %j', async (by) => {
    const path = file(
      'by.csv',
      ['\uFEFF', '"q, of; all\t"', by, 'r\n', '"a,b;c\td"', by, '"x;y"\n'].join(''),
    );
    expect(await rowsOf(path)).toEqual([{ 'q, of; all': 'a,b;c\td', r: 'x;y' }]);
  });

  test('columns without a name are left out', async () => {
    expect(await rowsOf(file('unnamed.csv', ',q, ,r,\n0,1,,2,\n'))).toEqual([{ q: '1', r: '2' }]);
  });

  test('faults', async () => {
    const latin = file('latin.csv', Buffer.from('q,r\n1,2\ncaf\xe9,2\n', 'latin1'));
    await expect(all(latin)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: `${latin} is not UTF-8 text at or after line 1.`,
    });
    const path = file('bad.csv', 'q,r\n1,2\n3\n');
    await expect(all(path)).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: expect.stringContaining(`${path}:3: `),
    });
    await expect(all(file('open.csv', 'q\n"abc\n'))).rejects.toMatchObject({ code: 'BAD_ROW' });
    await expect(all(file('twice.csv', 'q,q\n1,2\n'))).rejects.toThrow("has two columns named 'q'");
  });
});

describe('parquet', () => {
  const fixture = (codec: string) =>
    fileURLToPath(new URL(`../../fixtures/io/rows-${codec}.parquet`, import.meta.url));

  test.each(['snappy', 'zstd'])('%s', async (codec) => {
    const rows = await rowsOf(fixture(codec));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      query: 'héllo',
      id: 1,
      score: 0.5,
      good: true,
      messages: [{ role: 'user', content: 'x' }],
      image: { bytes: Uint8Array.of(0, 255, 128), path: 'a.png' },
      when: '2024-01-02T03:04:05.000Z',
      tags: [1, 2],
    });
    expect(rows[1]).toMatchObject({ id: 2n ** 62n, messages: [], good: false });
    expect(rows[2]).toMatchObject({ id: -3, tags: [] });
    expect(rows[2].query ?? null).toBeNull();
    expect(await linesOf(fixture(codec))).toEqual([1, 2, 3]);
  });

  test('a damaged file is told', async () => {
    const bytes = readFileSync(fixture('snappy'));
    for (const length of [0, 3, 100, bytes.length - 1]) {
      const path = file(`cut-${length}.parquet`, bytes.subarray(0, length));
      await expect(all(path)).rejects.toMatchObject({
        code: 'BAD_FILE',
        message: expect.stringContaining(path),
      });
    }
  });
});

describe('the place where a text stops being JSON', () => {
  const accepted = (text: string) => {
    try {
      parseExactJson(text);
      return true;
    } catch {
      return false;
    }
  };

  test.each<[string, number, number]>([
    ['[\n {"q":1},\n]', 3, 1],
    ['{"q" 1}', 1, 6],
    ['{"q":1 "r":2}', 1, 8],
    ['[1, 01]', 1, 5],
    ['{"a":"x\ny"}', 1, 6],
    ['[1]\n[2]', 2, 1],
    ['[1', 1, 3],
    ['', 1, 1],
    ['{a:1}', 1, 2],
    ['[1}', 1, 3],
  ])('%j', (text, line, column) => {
    expect(jsonFault(text)).toEqual({ line, column });
  });

  test('is found exactly when the parser refuses it', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '1', ':', '\\', ' '))
      .map(([text, at, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged, fc.string()), (text) => {
        expect(jsonFault(text) === undefined).toBe(accepted(text));
      }),
      { numRuns: 1000 },
    );
  });
});

test('text', async () => {
  const path = file('a.txt', 'one\n\n two \n');
  expect(await rowsOf(path)).toEqual([{ text: 'one' }, { text: ' two ' }]);
  expect(await linesOf(path)).toEqual([1, 3]);
});

test('a folder, a file of no format, and no file', async () => {
  await expect(all(folder)).rejects.toMatchObject({ code: 'BAD_FILE' });
  await expect(all(file('none/README.md', ''))).rejects.toMatchObject({ code: 'BAD_FILE' });
  await expect(all(join(folder, 'nowhere.jsonl'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
