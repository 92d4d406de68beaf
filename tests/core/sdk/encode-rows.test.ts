import { expect, test } from 'vitest';
import { DataReport, type LoadedDataset } from '../../../core/data/index.js';
import { encodeRows } from '../../../core/sdk/encode-rows.js';
import { services } from '../../../core/sdk/default-services.js';
import { Chatml } from '../../../plugins/templates/chatml.js';
import { tinyTokenizer } from '../../extras/tokenizers.js';

const tokenizer = await tinyTokenizer();
const OPTIONS = { max_length: 256, truncation_strategy: 'left', system: null, thinking: 'AUTO' } as const;

const rows = (...images: readonly (string | undefined)[]): LoadedDataset[] => [
  {
    name: 'rows.jsonl (validation)',
    report: new DataReport('rows.jsonl', images.length),
    rows: images.map((image, i) => ({
      row: {
        messages: [
          { role: 'user', content: 'q' },
          { role: 'assistant', content: 'a' },
        ],
        ...(image !== undefined && { images: [image] }),
      },
      origin: { file: 'rows.jsonl', line: i + 1 },
    })),
  },
];

async function encode(what: 'training' | 'validation', datasets: LoadedDataset[], drawn = false) {
  const said: string[] = [];
  const log = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const context = {
    template: new Chatml(),
    tokenizer,
    supervise: 'assistant',
    services: { ...services(), log },
  } as const;
  const options = { ...OPTIONS, check_dataset_strategy: 'discard' } as const;
  return { samples: (await encodeRows(what, datasets, options, context, { drawn })).samples.length, said };
}

test('rows that are dropped are told with their places, the first of them', async () => {
  const { samples, said } = await encode('training', rows(undefined, 'a.png', 'b.png'));
  expect(samples).toBe(1);
  expect(said[0]).toMatch(
    /^training data: rows\.jsonl: 3 read, 1 kept, 2 dropped \(2 that cannot be encoded\)/,
  );
  expect(said.slice(1)).toEqual([
    expect.stringMatching(/^dropped: rows\.jsonl:2: The row has images/),
    expect.stringMatching(/^dropped: rows\.jsonl:3: The row has images/),
  ]);
});

test('without a row that was set aside, nothing is validated; rows that were chosen must be there', async () => {
  const { samples, said } = await encode('validation', rows('a.png'), true);
  expect(samples).toBe(0);
  expect(said).toEqual([expect.stringMatching(/^nothing is validated: .*1 that cannot be encoded/)]);
  await expect(encode('validation', rows('a.png'))).rejects.toMatchObject({
    code: 'EMPTY_DATASET',
  });
  await expect(encode('training', rows('a.png'))).rejects.toMatchObject({ code: 'EMPTY_DATASET' });
});
