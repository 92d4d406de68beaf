/** A model loaded here as what answers: requests with rules of their own, in one call or in several. */
import { afterAll, describe, expect, test } from 'vitest';
import type { Asked, Generated, GenerateSettings } from '../../../core/contracts/infer-backend.js';
import { NativeBackend, type NativeBackendOptions } from '../../../core/infer/native-backend.js';
import { Model } from '../../../core/sdk/index.js';
import { TINY } from '../../e2e/swift.js';

const { loaded, services } = await Model.fromPretrained(TINY);
const backend = await services.backend();
const opened: NativeBackend[] = [];
afterAll(async () => {
  for (const one of opened) await one.release();
});

function open(options: Partial<NativeBackendOptions> = {}): NativeBackend {
  const made = new NativeBackend(loaded, backend, {
    do_sample: true,
    temperature: 1.5,
    top_p: 1,
    repetition_penalty: 1,
    seed: 3,
    stop_words: [],
    batch_size: 2,
    max_length: -1,
    ...options,
  });
  opened.push(made);
  return made;
}

const SETTINGS: GenerateSettings = { max_new_tokens: 12, stop: [] };

async function ask(
  of: NativeBackend,
  requests: readonly Asked[],
  settings: Partial<GenerateSettings> = {},
): Promise<Generated[]> {
  const found: Generated[] = [];
  await of.generate(requests, { ...SETTINGS, ...settings }, { onDone: (i, one) => (found[i] = one) });
  return found;
}

const user = (content: string) => [{ role: 'user', content }] as const;
const GREEDY = { do_sample: false, temperature: 0 };

describe('requests of one call', () => {
  const requests: readonly Asked[] = [
    user('Who are you?'),
    { prompt: user('Who are you?'), sampling: GREEDY, max_new_tokens: 5 },
    'Once upon a time',
    { prompt: user('Tell me a story'), system: 'You are a bird.', sampling: { top_k: 3 } },
    { prompt: 'Once upon a time', sampling: GREEDY, max_new_tokens: 30 },
  ];

  test('are answered each by its rules, as in calls of their own', async () => {
    const together = await ask(open(), requests);
    expect(together).toHaveLength(requests.length);
    const alone = open({ batch_size: 1 });
    const one: Generated[] = [];
    for (const request of requests) one.push(...(await ask(alone, [request])));
    expect(together).toEqual(one);
    expect(together.map(({ ids }) => ids!.length)).toSatisfy(
      ([, second, , , last]: number[]) => second <= 5 && last > 12,
    );
    const at_once = open({ batch_size: 4 });
    const calls = await Promise.all(requests.map((request) => ask(at_once, [request])));
    expect(calls.flat()).toEqual(one);
  });

  test('have stops of their own beside those of all', async () => {
    const greedy = open({ ...GREEDY });
    const [whole] = await ask(greedy, [user('Tell me a story')]);
    const [word, other] = [whole.text.slice(4, 7), whole.text.slice(8, 11)];
    const asked: readonly Asked[] = [
      { prompt: user('Tell me a story'), stop: [word] },
      user('Tell me a story'),
    ];
    const found = await ask(greedy, asked, { stop: [other] });
    expect(found.map(({ text }) => text)).toEqual([
      whole.text.slice(0, whole.text.indexOf(word)),
      whole.text.slice(0, whole.text.indexOf(other)),
    ]);
  });

  test('are ended one by one, or all of a call', async () => {
    const of = open({ batch_size: 3 });
    const [one, all] = [new AbortController(), new AbortController()];
    const found: Generated[] = [];
    const pieces: number[] = [];
    const asked: readonly Asked[] = [
      { prompt: user('Tell me a story'), signal: one.signal },
      user('Who are you?'),
      { prompt: user('Never begun'), signal: AbortSignal.abort() },
    ];
    const other: Generated[] = [];
    const calls = [
      of.generate(asked, SETTINGS, {
        onDone: (i, answer) => (found[i] = answer),
        onText: (i) => {
          pieces.push(i);
          if (i === 0) one.abort();
          if (pieces.filter((piece) => piece === 1).length === 2) all.abort();
        },
      }),
      of.generate([user('Hello'), user('Hello'), user('Hello')], SETTINGS, {
        onDone: (i, answer) => (other[i] = answer),
        signal: all.signal,
      }),
    ];
    await Promise.all(calls);
    expect(found.map((answer) => answer.finish_reason)).toEqual([
      'abort',
      expect.stringMatching(/stop|length/),
    ]);
    expect(other.every((answer) => answer.finish_reason === 'abort')).toBe(true);
  });
});

describe('a prompt that is too long', () => {
  const long = user('Hello '.repeat(600));

  test('loses its left end, so that the longest answer fits behind it', async () => {
    const [{ cut }] = await ask(open({ max_length: 60 }), [long]);
    const ids = loaded.template.prompt(long, loaded.tokenizer, {});
    expect(cut).toBe(ids.length - (60 - SETTINGS.max_new_tokens));
    await expect(ask(open({ max_length: 60 }), [{ prompt: long, max_new_tokens: 60 }])).rejects.toThrow(
      '60 tokens of an answer leave no room for a prompt, the limit is 60',
    );
  });

  test('or is refused, which ends its call and no other', async () => {
    const of = open();
    const [refused, good] = await Promise.allSettled([
      ask(of, [user('Hello'), long], { too_long: 'refuse' }),
      ask(of, [user('Hello')]),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'BAD_ARGUMENT' } });
    expect(good.status).toBe('fulfilled');
  });
});

test('what a model of text cannot do is refused by name', async () => {
  const of = open();
  await expect(ask(of, [{ prompt: user('<image>'), images: ['a.png'] }])).rejects.toThrow('does not take in');
  await expect(ask(of, [{ prompt: 'Go on', images: [] }])).rejects.toThrow(
    'a text to go on with has no images',
  );
});
