/** Conversations asked at any time: each gets the answer it gets alone. */
import { expect, test } from 'vitest';
import { Chat, LoraConfig, Model, Swift, type TunableModel } from '../../../core/sdk/index.js';
import { adapterParameters } from '../../../core/nn/index.js';
import { SeededRandom } from '../../../core/data/random.js';
import { TINY } from '../../e2e/swift.js';

const user = (content: string) => [{ role: 'user', content }] as const;

async function adapted(): Promise<TunableModel> {
  const model = await Swift.prepareModel(await Model.fromPretrained(TINY, { dtype: 'fp32' }), {
    first: LoraConfig({ r: 4, target_modules: ['q_proj', 'down_proj'] }),
    second: LoraConfig({ r: 2, target_modules: ['v_proj'] }),
  });
  const random = SeededRandom.seeded(4);
  for (const name of ['first', 'second'])
    for (const { data } of adapterParameters(model.loaded.model, name))
      data!.forEach((value, i) => (data![i] = value + 0.2 * random.normal()));
  return model;
}

test('calls made at any time run side by side, each with its system prompt, adapters, stream and signal', async () => {
  const model = await adapted();
  const options = { max_new_tokens: 24, temperature: 1.5, top_p: 1, top_k: 50, seed: 3, max_batch_size: 3 };
  const asked = [
    { messages: user('Who are you?'), adapters: ['first'] },
    { messages: user('What is the capital of France?') },
    { messages: user('What sound does a cow make?'), adapters: { second: 0.5 } },
    { messages: user('Tell me a story'), adapters: [] },
    { messages: user('Hello') },
  ];
  const systems = [undefined, 'Be brief.', '', undefined, 'You are a bird.'];
  const alone = await Chat.open(model, options);
  const expected = [];
  for (const [i, one] of asked.entries()) {
    alone.system = systems[i];
    expected.push((await alone.answerAll([one]))[0]);
  }
  expect(new Set(expected.map(({ text }) => text)).size).toBe(5);

  const chat = await Chat.open(model, options);
  expect(chat.slots).toBe(3);
  const told = asked.map(() => '');
  const order: number[] = [];
  const stop = new AbortController();
  const answers = asked.map((one, i) => {
    chat.system = systems[i];
    const onText = (_: number, text: string): void => {
      told[i] += text;
      order.push(i);
      if (i === 3) stop.abort();
    };
    return chat.answerAll([one], onText, i === 3 ? stop.signal : undefined);
  });
  const found = (await Promise.all(answers)).flat();
  for (const i of [0, 1, 2, 4]) {
    expect(found[i]).toEqual(expected[i]);
    expect(told[i]).toBe(expected[i].text);
  }
  expect(found[3].finish_reason).toBe('abort');
  expect(expected[3].text.startsWith(found[3].text)).toBe(true);
  expect(found[3].ids.length).toBeLessThan(expected[3].ids.length);
  // The first three take turns token by token.
  expect(order.indexOf(2)).toBeLessThan(order.lastIndexOf(0));
  await Promise.all([alone.release(), chat.release()]);
});

test('a conversation that cannot be asked ends its call alone', async () => {
  const chat = await Chat.open(await Model.fromPretrained(TINY), { max_new_tokens: 8, temperature: 0 });
  const [good, bad] = await Promise.allSettled([
    chat.answer(user('Hello')),
    chat.answerAll([user('Hello'), user('Hello '.repeat(600))]),
  ]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'BAD_ARGUMENT' } });
  expect(good).toMatchObject({ status: 'fulfilled', value: await chat.answer(user('Hello')) });
  await chat.release();
});

test('what was not begun when a signal came is an empty answer', async () => {
  const options = { max_new_tokens: 8, temperature: 0, max_batch_size: 1 };
  const chat = await Chat.open(await Model.fromPretrained(TINY), options);
  const stop = new AbortController();
  const answers = await chat.answerAll([user('Hello'), user('Hello')], () => stop.abort(), stop.signal);
  expect(answers.map(({ finish_reason }) => finish_reason)).toEqual(['abort', 'abort']);
  expect(answers[0].ids.length).toBeGreaterThan(0);
  expect(answers[1]).toEqual({ text: '', ids: [], finish_reason: 'abort' });
  expect(() => (chat.slots = 0)).toThrow("slots: '0' is not a whole number above 0");
  await chat.release();
});

test('a chat that was released answers no more, and says so', async () => {
  const chat = await Chat.open(await Model.fromPretrained(TINY), { max_new_tokens: 2 });
  await chat.answer(user('Hello'));
  await chat.release();
  await expect(chat.answer(user('Hello'))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
});
