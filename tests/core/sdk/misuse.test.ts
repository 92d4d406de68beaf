/** What a program without types mistakes is an error with a code, not a TypeError. */
import { expect, test } from 'vitest';
import {
  answerDatasets,
  Chat,
  exportMerged,
  inferDataset,
  LoraConfig,
  Model,
  MsDataset,
  openChat,
  openModel,
  Seq2SeqTrainer,
  services,
  Swift,
  SwiftError,
  train,
} from '../../../core/sdk/index.js';
import { TINY } from '../../e2e/swift.js';

type Loose = (...args: unknown[]) => Promise<unknown>;
const loose = (call: unknown): Loose => call as Loose;
const model = await Model.fromPretrained(TINY);

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'train of no command',
    () => loose(train)('foo'),
    /first argument of train is 'foo', expected 'sft' or 'pt'/,
  ],
  ['train of a near command', () => loose(train)('stf', {}), /'stf'/],
  ['train of nothing', () => loose(train)('sft'), /train takes an object of options, not undefined/],
  [
    'hooks where services go',
    () => loose(train)('sft', {}, { signal: 5 }),
    /train takes services, not an object/,
  ],
  [
    'no hooks',
    () => loose(train)('sft', {}, undefined, null),
    /train's hooks takes an object of options, not null/,
  ],
  ['plugins that are no names', () => loose(train)('sft', { plugins: [{}] }), /plugins are no list of names/],
  ['train of a text', () => loose(train)('sft', 'rows.jsonl'), /not 'rows\.jsonl'/],
  ['a chat of nothing', () => loose(openChat)(), /openChat takes an object of options/],
  ['a model of nothing', () => loose(openModel)(), /openModel takes an object of options/],
  [
    'export to nowhere',
    () => loose(exportMerged)(model),
    /folder of exportMerged is undefined, expected a text/,
  ],
  ['export of a promise', () => loose(exportMerged)(Promise.resolve(), 'x'), /a loaded model, not a promise/],
  ['answers without a chat', () => loose(answerDatasets)(undefined, {}), /takes a chat, not undefined/],
  ['rows without a chat', () => loose(inferDataset)(Promise.resolve(), [], {}), /a chat, not a promise/],
  [
    'a source of nothing',
    () => loose(Model.fromPretrained)(),
    /source of Model\.fromPretrained is undefined/,
  ],
  ['a tuner for nothing', () => loose(Swift.prepareModel)(), /Swift\.prepareModel takes a loaded model/],
  [
    'a model without a tuner',
    () => loose(Swift.prepareModel)(model),
    /takes an object of options, not undefined/,
  ],
  ['no tuner by name', () => loose(Swift.prepareModel)(model, { a: null }), /no tuner configuration/],
  [
    'no checkpoint',
    () => loose(Swift.fromPretrained)(model),
    /checkpoint of Swift\.fromPretrained is undefined/,
  ],
  ['no rows', () => loose(MsDataset.load)(), /names of MsDataset\.load is undefined/],
  [
    'a chat with a promise',
    () => loose(Chat.open)(Promise.resolve()),
    /Chat\.open takes a loaded model, not a promise/,
  ],
  [
    'a trainer of nothing',
    () => new (Seq2SeqTrainer as unknown as new () => Seq2SeqTrainer)().train(),
    /not undefined/,
  ],
  [
    'a trainer of words',
    () => new Seq2SeqTrainer({ model, args: 'x', train_dataset: [] } as never).train(),
    /args takes an object of options, not 'x'/,
  ],
])('%s', async (_, work, message) => {
  const error: unknown = await work().catch((one: unknown) => one);
  expect(error).toBeInstanceOf(SwiftError);
  expect((error as SwiftError).code).toBe('BAD_ARGUMENT');
  expect((error as SwiftError).message).toMatch(message);
  expect((error as SwiftError).render()).not.toMatch(/--\w/);
});

test('answerDatasets refuses what its chat has decided', async () => {
  const chat = await Chat.open(model, { temperature: 0 });
  const answers = answerDatasets(chat, { val_dataset: ['x.jsonl'], temperature: 1, max_new_tokens: 3 });
  await expect(answers).rejects.toThrow(
    'answerDatasets does not take temperature, max_new_tokens: the chat is open',
  );
  await chat.release();
});

test('options are spoken of as options: plugins, and what LoraConfig does not know', async () => {
  const text = (call: () => unknown): Promise<string> =>
    Promise.resolve()
      .then(call)
      .then(
        () => 'nothing',
        (error: unknown) => (error as SwiftError).render(),
      );
  expect(await text(() => services({ plugins: ['./no-such-plugin'] }))).not.toMatch(/--plugins/);
  const rank = await text(() => loose(Swift.prepareModel)(model, { a: LoraConfig({ rank: 4 } as never) }));
  expect(rank).toMatch(/LoraConfig takes no option 'rank'/);
  expect(rank).toMatch(/\br\b/);
});
