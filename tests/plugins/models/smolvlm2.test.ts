import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { VideoFacts } from '../../../core/contracts/media.js';
import type { Message } from '../../../core/contracts/row.js';
import type { Tokenizer } from '../../../core/contracts/tokenizer.js';
import { fixture, plugins, readJson } from '../../../parity/cases.js';
import { largestDifference } from '../../../parity/measure.js';
import { allTemplates } from '../templates/all-templates.js';

/** What Transformers says (scripts/fixtures/smolvlm_videos.py). */
interface Oracle {
  readonly side: number;
  readonly features: number;
  readonly sampling: object;
  readonly videos: readonly {
    readonly facts: VideoFacts;
    readonly numbers: readonly number[];
    /** Of two frames. */
    readonly rgb: readonly string[];
    readonly text: string;
    readonly pixels: string;
  }[];
  readonly talks: readonly { readonly messages: readonly Message[]; readonly text: string }[];
}

const path = new URL('../../fixtures/processor/smolvlm-videos.json', import.meta.url);
const { side, features, sampling, videos, talks } = JSON.parse(readFileSync(path, 'utf8')) as Oracle;
const config = readJson<Readonly<Record<string, unknown>>>(fixture('multimodal', 'idefics3', 'config.json'));
const { instance } = await plugins().resolve('model', 'smolvlm2-2.2b-instruct');
const settings = { max_image_size: { longest_edge: side }, video_sampling: sampling };
const video = instance.processor!(config, settings, 'smolvlm').video!;
const template = (await allTemplates()).get('smolvlm')!;

test.each(videos)('$facts: frames, text and pixels', ({ facts, numbers, rgb, text, pixels }) => {
  expect(video.choose(facts)).toEqual(numbers);
  const grid = video.grid({ ...facts, numbers });
  expect(grid.slice(0, 2)).toEqual([numbers.length, numbers.length]);
  expect(video.text({ features: features * numbers.length, grid, index: 0 })).toBe(text);
  const { width, height } = facts;
  const frames = rgb.map((data) => ({ width, height, data: Buffer.from(data, 'base64') }));
  const ours = video.process({ frames, numbers: numbers.slice(0, 2), facts });
  const bytes = Buffer.from(pixels, 'base64');
  const theirs = Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
  expect(ours).toHaveLength(theirs.length);
  // One step of a byte: torchvision rounds otherwise than Pillow.
  expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(1 / 255 / 0.5 + 1e-6);
});

const letters: Tokenizer = {
  vocabSize: 0,
  specialTokens: {},
  encode: (text) => Array.from(text, (letter) => letter.codePointAt(0)!),
  decode: (ids) => String.fromCodePoint(...ids),
  tokenToId: () => undefined,
  idToToken: () => undefined,
};

test.each(talks)('a conversation is that of its chat template', ({ messages, text }) => {
  // A picture is said by what its text begins with.
  const said = (content: string): string => content.replace('<image>', '<fake_token_around_image>');
  const spoken = messages.map((message) => ({ ...message, content: said(message.content) }));
  if (spoken.at(-1)!.role === 'user')
    return expect(letters.decode(template.prompt(spoken, letters))).toBe(said(text));
  const result = template.encode({ messages: spoken }, letters);
  if (result.kind !== 'sample') throw new Error('dropped');
  return expect(`${letters.decode([...result.sample.input_ids])}\n`).toBe(said(text));
});
