import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Processor } from '../../../../core/contracts/processor.js';
import type { StandardRow } from '../../../../core/contracts/row.js';
import type { Template } from '../../../../core/contracts/template.js';
import type { Tokenizer } from '../../../../core/contracts/tokenizer.js';
import { DataReport, MediaFiles, SeenRows, type LoadedDataset } from '../../../../core/data/index.js';
import { encodeRendered } from '../../../../core/template/index.js';
import { encodeHere } from '../../../extras/encode-here.js';
import { characterTokenizer } from '../../../extras/character-tokenizer.js';
import { temporaryFolder } from '../../io/temporary-folder.js';

const folder = temporaryFolder();
const tokenizer: Tokenizer = {
  ...characterTokenizer({}),
  tokenToId: (token) => (token === '#' ? 35 : undefined),
};

/** A picture becomes as many features as it has pixels in a row; `#` keeps their places. */
let processed = 0;
const processor: Processor = {
  image: {
    token: '#',
    text: ({ features }) => `(${'#'.repeat(features)})`,
    grid: ({ width }) => [1, 1, width],
    process: ({ data }) => {
      processed++;
      return Float32Array.from(data);
    },
  },
};
const tower = { features: ([, , width]: readonly number[]) => width };

/** The conversation as one text, all of it supervised. */
const template = {
  encode: ({ messages }: StandardRow, _tokenizer: unknown, options = {}) => {
    const text = messages.map(({ content, lead = '' }) => lead + content).join('');
    return encodeRendered({ text, supervised: [[0, text.length]], headEnd: 0 }, tokenizer, options);
  },
} as unknown as Template;

const row = (content: string, ...images: string[]): StandardRow => ({
  messages: [
    { role: 'user', content },
    { role: 'assistant', content: 'ok' },
  ],
  ...(images.length > 0 ? { images } : {}),
});

function dataset(...rows: StandardRow[]): LoadedDataset {
  const file = join(folder, 'rows.jsonl');
  const report = new DataReport('rows');
  report.read = rows.length;
  return { name: 'rows', rows: rows.map((one, i) => ({ row: one, origin: { file, line: i + 1 } })), report };
}

async function encoded(data: LoadedDataset, options = {}, max_pixels?: number) {
  const pictures = new MediaFiles({ processor, tower, max_pixels });
  const seen = new SeenRows(pictures);
  return encodeHere([data], template, tokenizer, { ...options, seen });
}

async function draw(name: string, width: number, grey = 100): Promise<void> {
  const background = { r: grey, g: grey, b: grey };
  const create = { width, height: 2, channels: 3, background } as const;
  await sharp({ create }).png().toFile(join(folder, name));
}

beforeAll(async () => {
  mkdirSync(join(folder, 'pictures'));
  await draw('three.png', 3);
  await draw('pictures/five.png', 5);
  writeFileSync(join(folder, 'broken.png'), 'no picture');
});

const textOf = (ids: ArrayLike<number>): string => tokenizer.decode(Array.from(ids));

describe('rows with pictures', () => {
  test('features have places among the tokens, which are no labels', async () => {
    const data = dataset(row('a<image>b<image>', 'three.png', 'pictures/five.png'), row('plain'));
    const { samples } = await encoded(data);
    const [sample, plain] = samples;
    expect(textOf(sample.input_ids)).toBe('a(###)b(#####)ok');
    expect(sample.media?.spans).toEqual([
      { start: 2, length: 3, grid: [1, 1, 3] },
      { start: 8, length: 5, grid: [1, 1, 5] },
    ]);
    const labelled = Array.from(sample.labels).map((label, i) =>
      label < 0 ? '-' : textOf([sample.input_ids[i]]),
    );
    expect(labelled.join('')).toBe('a(---)b(-----)ok');
    expect(plain.media).toBeUndefined();
    const pictures = await sample.media!.load();
    expect(pictures.map(({ grid }) => grid)).toEqual([
      [1, 1, 3],
      [1, 1, 5],
    ]);
  });

  test('objects are said by the size of their own image, before it is shrunk; several sequences of a row alike', async () => {
    const objects = {
      ref: ['it'],
      bbox: [{ places: [[1, 0, 5, 1]], unit: 'real' as const, image: 1 }],
    };
    const data = dataset({
      ...row('<image><image><ref-object> <bbox>', 'three.png', 'pictures/five.png'),
      objects,
    });
    const { samples } = await encoded(data, {}, 4);
    expect(textOf(samples[0].input_ids)).toBe('(#)(##)it [(200,0),(1000,500)]ok');
    const sequences = (one: StandardRow) => [one, { ...one, messages: one.messages.slice(0, 1) }];
    const twice = await encoded(data, { sequences });
    expect(twice.samples[0].partners!.map(({ input_ids }) => textOf(input_ids))).toEqual([
      '(###)(#####)it [(200,0),(1000,500)]',
    ]);
  });

  test('where media lead, they stand before the whole text, in order', async () => {
    const leading = { image: { ...processor.image!, leads: true } };
    const seen = new SeenRows(new MediaFiles({ processor: leading, tower }));
    const data = dataset(row('a<image>b<image>', 'three.png', 'pictures/five.png'));
    const { samples } = await encodeHere([data], template, tokenizer, { seen });
    expect(textOf(samples[0].input_ids)).toBe('(###)(#####)abok');
    expect(samples[0].media?.spans.map(({ start }) => start)).toEqual([1, 6]);
  });

  test('where a row has several, they may be made otherwise than one alone', async () => {
    const alone = processor.image!;
    const small = { ...alone, grid: () => [1, 1, 1], process: () => Float32Array.of(7) };
    const image = { ...alone, among: (count: number) => (count > 1 ? small : alone) };
    const seen = new SeenRows(new MediaFiles({ processor: { image }, tower }));
    const data = dataset(row('<image><image>', 'three.png', 'three.png'), row('<image>', 'three.png'));
    const { samples } = await encodeHere([data], template, tokenizer, { seen });
    expect(samples.map(({ input_ids }) => textOf(input_ids))).toEqual(['(#)(#)ok', '(###)ok']);
    const loaded = await Promise.all(samples.map(({ media }) => media!.load()));
    expect(loaded.map((all) => all.map(({ values }) => values.length))).toEqual([[1, 1], [18]]);
  });

  test('a tag of an object without one is the fault of its row', async () => {
    await expect(encoded(dataset(row('<image> at <bbox>', 'three.png')))).rejects.toThrow(
      /rows.jsonl:1: a message of the user has a tag <bbox> without an object/,
    );
  });

  test('larger ones are shrunk first where that is asked for', async () => {
    const { samples } = await encoded(dataset(row('<image>', 'pictures/five.png')), {}, 4);
    expect(textOf(samples[0].input_ids)).toBe('(##)ok');
  });

  test('a cut that would tear a picture drops the sample, and counts it', async () => {
    const data = dataset(row('ab<image>', 'pictures/five.png'), row('s'));
    for (const truncation_strategy of ['right', 'left', 'delete'] as const) {
      const { samples, reports } = await encoded(data, { max_length: 6, truncation_strategy });
      expect(samples.map(({ media }) => media)).toEqual(samples.map(() => undefined));
      expect([...reports[0].dropped]).toContainEqual(['longer than max_length', expect.any(Number)]);
    }
    const kept = await encoded(dataset(row('<image>abcdef', 'three.png')), {
      max_length: 9,
      truncation_strategy: 'right',
    });
    expect(textOf(kept.samples[0].input_ids)).toBe('(###)abcd');
    expect(kept.samples[0].media?.spans).toHaveLength(1);
  });

  test.each<readonly [StandardRow, RegExp]>([
    [row('<image>', 'none.png'), /rows\.jsonl:2: there is no image 'none\.png'/],
    [row('<image>', 'broken.png'), /rows\.jsonl:2: the image 'broken\.png' cannot be decoded/],
    [
      row('<image><image>', 'three.png'),
      /rows\.jsonl:2: 'messages\[0\]\.content' has a tag <image> without one of 'images'/,
    ],
    [row('a#b'), /rows\.jsonl:2: a text holds #, in whose places/],
  ])('%j is a fault of its row, or dropped and counted', async (bad, message) => {
    const data = dataset(row('<image>', 'three.png'), bad);
    await expect(encoded(data)).rejects.toThrow(message);
    const { samples, reports } = await encoded(data, { onBadRow: 'drop' });
    expect(samples).toHaveLength(1);
    expect(reports[0].droppedTotal).toBe(1);
  });
});

test('a picture is decoded once while there is room for it, and a file that changes is an error', async () => {
  await draw('changing.png', 4, 10);
  const pictures = new MediaFiles({ processor, tower });
  const opened = await pictures.open('image', 'changing.png', folder);
  processed = 0;
  await opened.load();
  await opened.load();
  expect(processed).toBe(1);
  const later = await new MediaFiles({ processor, tower }).open('image', 'changing.png', folder);
  await draw('changing.png', 4, 20);
  await expect(later.load()).rejects.toMatchObject({ code: 'BAD_FILE', exitCode: 1 });
});
