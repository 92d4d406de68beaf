import { expect, test } from 'vitest';
import { Chat, Model } from '../../core/sdk/index.js';
import { fixture, readJson } from '../../parity/cases.js';

/** What Transformers says (scripts/fixtures/whisper_base.py). */
interface Spoken {
  readonly ids: readonly number[];
  readonly text: string;
}

/** Folder of Whisper base, as scripts/whisper-base.ts makes it: 145 MB, which nobody needs for the other tests. */
const folder = process.env.SWIFT_WHISPER;
const place = fixture('..', 'whisper');

test.skipIf(folder === undefined)(
  'Whisper base writes down what Transformers writes down',
  async () => {
    const spoken = readJson<Spoken>(`${place}/oracle.json`);
    const chat = await Chat.open(await Model.fromPretrained(folder!, { dtype: 'fp32' }), {
      temperature: 0,
      max_new_tokens: 50,
    });
    const messages = [{ role: 'user' as const, content: '<audio>' }];
    const [answer] = await chat.answerAll([{ messages, audios: ['speech.wav'], folder: place }]);
    await chat.release();
    // The ids of Transformers end before the one that ends the text.
    expect(answer.ids.slice(0, -1)).toEqual(spoken.ids);
    expect(answer.text).toBe(spoken.text);
  },
  120_000,
);
