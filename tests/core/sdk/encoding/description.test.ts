import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { pluginOptions } from '../../../../core/config/plugin-options.js';
import type { Template } from '../../../../core/contracts/template.js';
import { ExactFloat } from '../../../../core/exact-numbers.js';
import { SeenRows, type LoadedRow } from '../../../../core/data/index.js';
import { packRows, unpackRows } from '../../../../core/data/packed-rows.js';
import { asTheyWere, portable } from '../../../../core/data/portable-rows.js';
import { locateModel } from '../../../../core/model/locate-model.js';
import { encoderOf, type EncodeContext } from '../../../../core/sdk/encode-rows.js';
import { describeEncoder, rebuildEncoder } from '../../../../core/sdk/encoding/description.js';
import { learnedOf } from '../../../../core/sdk/loss-scaling.js';
import { mediaFilesOf } from '../../../../core/sdk/media-files.js';
import { services } from '../../../../core/sdk/default-services.js';
import { optimizedBy } from '../../../../core/train/optimized.js';
import { twoColours } from '../../../../local-hub/content/pictures.js';
import { writeHubContent } from '../../../../local-hub/content.js';
import { temporaryFolder } from '../../io/temporary-folder.js';

const folder = temporaryFolder();
const own = services();
const silent = { info: () => undefined, warn: () => undefined };
let picture: Uint8Array;

beforeAll(async () => {
  await writeHubContent(folder);
  picture = await twoColours('red', 'blue', 60, 44);
}, 60_000);

async function contextOf(id: string, trainer: 'sft' | 'dpo' = 'sft', template_type?: string) {
  const model_id_or_path = join(folder, 'models', id);
  const located = await locateModel({ model_id_or_path, template_type, use_hf: true }, own);
  const pictures = mediaFilesOf({ ...located, model: located.skeleton }, null);
  const { instance, meta } = await own.plugins.resolve('trainer', trainer);
  const context: EncodeContext = {
    template: located.template,
    tokenizer: located.tokenizer,
    services: own,
    ...optimizedBy(instance, pluginOptions(meta, {})),
    seen: pictures && new SeenRows(pictures),
  };
  return context;
}

const OPTIONS = { max_length: 256, truncation_strategy: 'left', system: null, thinking: 'AUTO' } as const;

/** Rows as a thread is given them, and what it hands back. */
async function elsewhere(context: EncodeContext, rows: readonly LoadedRow[]) {
  const described = await describeEncoder(
    {
      ...OPTIONS,
      system: undefined,
      thinking: undefined,
      supervise: context.supervise,
      loss_scale: context.loss_scale,
    },
    context,
  );
  const { encoder, seen } = await rebuildEncoder(structuredClone(described!), silent);
  const copies = asTheyWere(structuredClone(portable(rows)));
  await seen?.open(copies);
  return unpackRows(structuredClone(packRows(encoder.outcomes(copies))), rows, context.seen);
}

const said = (content: string, answer: string, more: object = {}): LoadedRow => ({
  row: {
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: answer },
    ],
    ...more,
  },
  origin: { file: join(folder, 'rows.jsonl'), line: 1 },
});

const ROWS: readonly LoadedRow[] = [
  said('What is it?', 'It is a cat.', { rejected_response: 'It is a dog.' }),
  said('And now?', 'word '.repeat(400), { rejected_response: 'x' }),
  said('', '', { rejected_response: '' }),
  said('<image>', 'A text model sees none.', { images: ['a.png'], rejected_response: 'x' }),
];

test('numbers keep their kind; what no copy is like is not handed over', async () => {
  const parameters = { a: new ExactFloat(10), b: 10, c: 12345678901234567890n, d: { value: 10 } };
  const tools = [{ type: 'function', function: { name: 'f', parameters } }];
  const row = said('Call it.', 'No.', { tools, rejected_response: 'x' });
  const context = await contextOf('Qwen/Qwen2-0.5B-Instruct', 'sft', 'chat_template');
  const here = encoderOf({ ...OPTIONS, check_dataset_strategy: 'none' }, context).outcomes([row]);
  expect(await elsewhere(context, [row])).toEqual(here);
  expect(asTheyWere(structuredClone(portable([row])))).toEqual([row]);
  expect(portable(ROWS)).toBe(ROWS);
  class Own {}
  for (const own of [new Own(), () => 1, new Map(), new Number(1)])
    expect(() => portable([said('q', 'a', { tools: [own] })])).toThrow(TypeError);
});

test.each([
  ['Qwen/Qwen2-0.5B-Instruct', 'sft', undefined],
  ['Qwen/Qwen2-0.5B-Instruct', 'sft', 'chat_template'],
  ['Qwen/Qwen2-0.5B-Instruct', 'dpo', 'llama3'],
] as const)('%s by %s and %s says elsewhere what it says here', async (id, trainer, template) => {
  const context = await contextOf(id, trainer, template);
  const here = encoderOf({ ...OPTIONS, check_dataset_strategy: 'none' }, context).outcomes(ROWS);
  const there = await elsewhere(context, ROWS);
  expect(there).toEqual(here);
  expect(here.map(({ kind }) => kind)).toContain('fault');
});

test('pictures are opened elsewhere, and loaded here', async () => {
  const context = await contextOf('Qwen/Qwen2-VL-2B-Instruct');
  const rows = [
    said('What is <image>?', 'Red.', { images: [{ bytes: new Uint8Array(picture) }] }),
    said('What is <image>?', 'Nothing.', { images: [{ bytes: new Uint8Array(3) }] }),
  ];
  await context.seen!.open(rows);
  const here = encoderOf({ ...OPTIONS, check_dataset_strategy: 'none' }, context).outcomes(rows);
  const there = await elsewhere(context, rows);
  expect(JSON.stringify(there)).toBe(JSON.stringify(here));
  const [a, b] = [here[0], there[0]].map((one) => (one.kind === 'sample' ? one.sample.media : undefined));
  expect(await b!.load()).toEqual(await a!.load());
  expect(there[1]).toMatchObject({ kind: 'fault', error: { code: 'BAD_FILE' } });
});

test('what a program brought itself is not made elsewhere', async () => {
  const context = await contextOf('Qwen/Qwen2-0.5B-Instruct');
  const theirs = { encode: () => ({ kind: 'dropped', reason: 'empty' }) } as unknown as Template;
  expect(await describeEncoder({}, { ...context, template: theirs })).toBeUndefined();
  const tokenizer = Object.assign(Object.create(context.tokenizer) as object, { constructor: Object });
  expect(await describeEncoder({}, { ...context, tokenizer: tokenizer as never })).toBeUndefined();
});

test('a format of tools that is asked for and weights of answers come along', async () => {
  const plain = await contextOf('Qwen/Qwen2-0.5B-Instruct', 'sft', 'chatml');
  plain.template.agent = (await own.plugins.resolve('agent', 'react_en')).instance;
  const context = { ...plain, ...(await learnedOf({ loss_scale: 'react' }, 'assistant', own.plugins)) };
  const { row, origin } = said('q', 'Sunny.');
  const call = { function: { name: 'weather', arguments: { city: 'Rome' } } };
  const rows: LoadedRow[] = [
    {
      origin,
      row: {
        tools: [{ name: 'weather' }],
        messages: [
          row.messages[0],
          { role: 'assistant', content: '', tool_calls: [call] },
          { role: 'tool', content: 'sunny' },
          row.messages[1],
        ],
      },
    },
  ];
  const here = encoderOf({ ...OPTIONS, check_dataset_strategy: 'none' }, context).outcomes(rows);
  expect(here[0].kind === 'sample' && here[0].sample.loss_scale).toContain(2);
  expect(await elsewhere(context, rows)).toEqual(here);
});
