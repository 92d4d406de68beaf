import { expect, test } from 'vitest';
import type { Message } from '../../../core/contracts/row.js';
import type { MediaFiles } from '../../../core/data/media/media-files.js';
import { seePrompt, type OpenedMedia } from '../../../core/data/media/seen-rows.js';
import type { Tokenizer } from '../../../core/contracts/tokenizer.js';
import { fixture, plugins, readJson } from '../../../parity/cases.js';
import { allTemplates } from '../templates/all-templates.js';

type Fields = Readonly<Record<string, unknown>>;

const config = readJson<Fields>(fixture('multimodal', 'whisper', 'config.json'));
const { instance } = await plugins().resolve('model', 'whisper-tiny');
const template = (await allTemplates()).get('whisper')!;

test('sounds of up to 30 seconds become one token and 1500 rows; longer ones are refused', () => {
  const published = { ...config, max_source_positions: 1500, num_mel_bins: 80 };
  const { audio } = instance.processor!(published, {}, 'whisper');
  const { tower } = instance.build(published);
  for (const length of [1, 16_000, 480_000]) {
    const grid = audio!.grid({ length });
    expect(tower!.features(grid, 'audio')).toBe(1);
    expect(tower!.crossed(grid)).toEqual({ rows: 1500, held: 1500 });
  }
  expect(() => audio!.grid({ length: 496_000 })).toThrow(/of 31.0 seconds is longer than the 30 that/);
});

/** Letters are ids, and each special token one of its own. */
const SPECIAL = [
  '<|startoftranscript|>',
  '<|en|>',
  '<|de|>',
  '<|transcribe|>',
  '<|translate|>',
  '<|notimestamps|>',
];
const tokens = [...SPECIAL, '<|endoftext|>'];
const letters: Tokenizer = {
  vocabSize: 0,
  specialTokens: { eos_token: '<|endoftext|>' },
  encode: (text) =>
    (text.match(/<\|[a-z]+\|>|./g) ?? []).map((piece) =>
      tokens.includes(piece) ? tokens.indexOf(piece) : piece.codePointAt(0)!,
    ),
  decode: (ids) => ids.map((id) => tokens[id] ?? String.fromCodePoint(id)).join(''),
  tokenToId: (token) => (tokens.includes(token) ? tokens.indexOf(token) : undefined),
  idToToken: (id) => tokens[id],
};
const sound: Message = { role: 'user', content: '<|startoftranscript|>' };

test('an answer stands behind language, task and a blank; only it is learned', () => {
  const result = template.encode({ messages: [sound, { role: 'assistant', content: 'Hi' }] }, letters);
  if (result.kind !== 'sample') throw new Error('dropped');
  const { input_ids, labels } = result.sample;
  expect(letters.decode(input_ids)).toBe(
    '<|startoftranscript|><|en|><|transcribe|><|notimestamps|> Hi<|endoftext|>',
  );
  expect(letters.decode(labels.filter((id) => id >= 0))).toBe(' Hi<|endoftext|>');
});

test.each([
  [{ role: 'system', content: '<|de|><|translate|>' } as const, '<|de|><|translate|>'],
  [{ role: 'system', content: '' } as const, ''],
])('the system prompt says language and task: %o', (system, said) => {
  const prompt = letters.decode(template.prompt([system, sound], letters));
  expect(prompt).toBe(`<|startoftranscript|>${said}<|notimestamps|>`);
});

const opened = (count: number): OpenedMedia => {
  const load = (): Promise<never> => Promise.reject(new Error('unread'));
  const one = { kind: 'audio', grid: [3000], features: 1, index: 0, digest: 'd', load } as const;
  return { image: [], video: [], audio: Array.from({ length: count }, () => one) };
};
const processor = instance.processor!(
  { ...config, max_source_positions: 1500, num_mel_bins: 80 },
  {},
  'whisper',
);
const files = { sight: { processor }, kinds: ['audio'] } as unknown as MediaFiles;

test.each([
  ['no sound', [{ role: 'user', content: 'What is said?' }], 0, /0 audios; the model takes one/],
  ['two sounds', [{ role: 'user', content: '<audio><audio>' }], 2, /2 audios; the model takes one/],
  ['words beside it', [{ role: 'user', content: '<audio>What is said?' }], 1, /not a user's '<audio>' alone/],
  ['nobody who asks', [{ role: 'assistant', content: 'Hi' }], 1, /not a user's '<audio>' alone/],
] as const)('%s: refused', (_, messages, count, message) => {
  expect(() => seePrompt(messages, opened(count), letters, files)).toThrow(message);
});

test.each(['<audio>', '', '<audio>\n'])('a user says nothing but the sound: %j', (content) => {
  const prompt = seePrompt([{ role: 'user', content }], opened(1), letters, files);
  const ids = template.prompt(prompt.messages, letters);
  expect(letters.decode(ids)).toBe('<|startoftranscript|><|en|><|transcribe|><|notimestamps|>');
  expect(prompt.media(ids)).toMatchObject({ spans: [{ start: 0, length: 1, grid: [3000] }] });
});

test.each([
  ['decoder_layerdrop', 0.1],
  ['dropout', 0.1],
  ['scale_embedding', true],
  ['apply_spec_augment', true],
])('%s %s is refused', (field, value) => {
  expect(() => instance.build({ ...config, [field]: value })).toThrow(new RegExp(`${field} is ${value}`));
});
