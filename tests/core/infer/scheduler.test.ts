/** The queue and its slots, over an engine whose next token is a plain function of what its slot has read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tokenizer } from '../../../core/contracts/tokenizer.js';
import { SeededRandom } from '../../../core/data/random.js';
import type { Answer } from '../../../core/infer/growing-answer.js';
import { Scheduler, type SlotEngine, type SlotRequest } from '../../../core/infer/scheduler.js';
import type { SlotPrompt } from '../../../core/runtime/slot.js';

const VOCAB = 12;
/** Ends an answer, where a request says so. */
const STOP = 11;
/** A prompt that cannot be read, and one after which the model computes no numbers. */
const [UNREADABLE, BROKEN] = [100, 101];

interface FakeSlot {
  readonly ids: number[];
  readonly adapters?: ReadonlyMap<string, number>;
}

/** Logits drawn from all that a slot has read and its adapters. */
function logitsOf({ ids, adapters = new Map() }: FakeSlot): Float32Array {
  const random = SeededRandom.seeded(7, ...ids, ...adapters.values());
  const logits = Float32Array.from({ length: VOCAB }, () => random.uniform() * 3);
  return ids[0] === BROKEN ? logits.fill(NaN) : logits;
}

class FakeEngine implements SlotEngine<FakeSlot> {
  readonly taken = new Set<FakeSlot>();
  readonly batches: number[] = [];
  steps = 0;
  /** Most slots that were taken at once. */
  most = 0;

  /** @param onStep told before each step how many there were */
  constructor(
    private readonly limit = Infinity,
    private readonly onStep: (steps: number) => void = () => undefined,
  ) {}

  async admit(prompts: readonly SlotPrompt[]): Promise<{ slot: FakeSlot; logits: Float32Array }[]> {
    await Promise.resolve();
    if (prompts.some(({ ids }) => ids[0] === UNREADABLE)) throw new Error('cannot be read');
    this.batches.push(prompts.length);
    const slots = prompts.map(({ ids, adapters }): FakeSlot => ({ ids: [...ids], adapters }));
    for (const slot of slots) this.taken.add(slot);
    this.most = Math.max(this.most, this.taken.size);
    return slots.map((slot) => ({ slot, logits: logitsOf(slot) }));
  }

  async step(tokens: ReadonlyMap<FakeSlot, number>): Promise<Map<FakeSlot, Float32Array>> {
    this.onStep(this.steps++);
    await Promise.resolve();
    expect(new Set(tokens.keys())).toEqual(this.taken);
    return new Map(
      [...tokens].map(([slot, token]) => {
        slot.ids.push(token);
        return [slot, logitsOf(slot)];
      }),
    );
  }

  isFull(slot: FakeSlot): boolean {
    return slot.ids.length >= this.limit;
  }

  free(slot: FakeSlot): void {
    expect(this.taken.delete(slot)).toBe(true);
  }
}

const WORDS = {
  decode: (ids: readonly number[]) => ids.map((id) => String.fromCharCode(97 + id)).join(''),
} as unknown as Tokenizer;

const fault = () => Promise.resolve(new Error('no numbers'));

function schedulerOf(engine: FakeEngine, slots: number): Scheduler<FakeSlot> {
  return new Scheduler(engine, WORDS, slots, fault);
}

function request(
  ids: readonly number[],
  max_new_tokens: number,
  rest: Partial<SlotRequest> = {},
): SlotRequest {
  return {
    ids,
    max_new_tokens,
    stopIds: [],
    stopWords: [],
    sampling: { do_sample: true, temperature: 1, top_p: 1, repetition_penalty: 1 },
    random: SeededRandom.seeded(3, ...ids),
    ...rest,
  };
}

const alone = (one: SlotRequest, limit?: number): Promise<Answer> =>
  schedulerOf(new FakeEngine(limit), 1).answer(one);

describe('an answer hangs on its request alone', () => {
  const arbitrary = fc.record({
    ids: fc.array(fc.nat(10), { minLength: 1, maxLength: 6 }),
    max_new_tokens: fc.integer({ min: 1, max: 12 }),
    stops: fc.boolean(),
    words: fc.array(fc.stringMatching(/^[a-l]{1,2}$/), { maxLength: 2 }),
    do_sample: fc.boolean(),
    temperature: fc.constantFrom(0.3, 1, 3),
    top_k: fc.option(fc.integer({ min: 1, max: VOCAB }), { nil: undefined }),
    repetition_penalty: fc.constantFrom(1, 1.5),
    adapter: fc.option(fc.nat(3), { nil: undefined }),
    seed: fc.nat(99),
    /** The step before which it is asked. */
    arrives: fc.nat(15),
  });

  test('over random arrivals, lengths, stops, samplers, adapters and slots', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitrary, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 4 }),
        async (asked, slots) => {
          const limit = 14;
          const made = (): { one: SlotRequest; told: string[]; arrives: number }[] =>
            asked.map(({ ids, max_new_tokens, stops, words, adapter, seed, arrives, ...drawn }) => {
              const told: string[] = [];
              const one = request(ids, max_new_tokens, {
                stopIds: stops ? [STOP] : [],
                stopWords: words,
                random: SeededRandom.seeded(seed),
                sampling: { ...drawn, top_p: 0.9 },
                adapters: adapter === undefined ? undefined : new Map([['a', adapter]]),
                onText: (text) => told.push(text),
              });
              return { one, told, arrives };
            });
          const expected = [];
          for (const { one } of made()) expected.push(await alone(one, limit));

          const requests = made();
          const answers = new Map<number, Promise<Answer>>();
          const arrive = (step: number): void =>
            requests.forEach(({ one, arrives }, i) => {
              if (arrives <= step && !answers.has(i)) answers.set(i, scheduler.answer(one));
            });
          const engine = new FakeEngine(limit, arrive);
          const scheduler = schedulerOf(engine, slots);
          // What arrives after all others have ended is asked then.
          for (let step = 0; answers.size < requests.length; step++) {
            arrive(step);
            await scheduler.idle();
          }
          await scheduler.idle();
          const found = await Promise.all(requests.map((_, i) => answers.get(i)!));
          expect(found).toEqual(expected);
          expect(requests.map(({ told }) => told.join(''))).toEqual(found.map(({ text }) => text));
          expect(engine.most).toBeLessThanOrEqual(slots);
          expect(engine.taken.size).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('slots', () => {
  test('are given on as answers end: a long one beside eight short ones takes the steps that two slots need', async () => {
    const engine = new FakeEngine();
    const scheduler = schedulerOf(engine, 2);
    const asked = [request([1], 10), ...Array.from({ length: 8 }, (_, i) => request([2, i], 3))];
    const answers = await Promise.all(asked.map((one) => scheduler.answer(one)));
    expect(answers.map(({ ids }) => ids.length)).toEqual([10, ...Array<number>(8).fill(3)]);
    // The first token of an answer comes with its prompt. The long one takes steps 1 to 9 of one slot; beside it, five short
    // ones take two steps each, 1 to 10; then 10-11 and 12-13 in one, 11-12 in the other. In batches of two: 9 + 4 · 2 = 17.
    expect(engine.steps).toBe(13);
    expect(engine.batches).toEqual([2, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('hold nothing that the checkpoint keeps out of them, or out of their beginnings', async () => {
    const suppress_tokens = [0, 1, 2, 3];
    const begin_suppress_tokens = [4, 5, 6, 7, 8, 9, 10];
    const words = { ...WORDS, suppress_tokens, begin_suppress_tokens };
    const scheduler = new Scheduler(new FakeEngine(), words, 1, fault);
    const { ids } = await scheduler.answer(request([1], 200));
    expect(ids[0]).toBe(11);
    expect([...new Set(ids)].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('prompts that wait together are read together, and answers of one token take no step', async () => {
    const engine = new FakeEngine();
    const scheduler = schedulerOf(engine, 3);
    await Promise.all(Array.from({ length: 7 }, (_, i) => scheduler.answer(request([i], 1))));
    expect(engine.batches).toEqual([3, 3, 1]);
    expect(engine.steps).toBe(0);
  });

  test('as many as there are from now on', async () => {
    const engine = new FakeEngine(Infinity, (steps) => {
      if (steps === 2) scheduler.slots = 3;
    });
    const scheduler = schedulerOf(engine, 1);
    await Promise.all(Array.from({ length: 4 }, (_, i) => scheduler.answer(request([i], 6))));
    expect(engine.batches).toEqual([1, 2, 1]);
  });
});

describe('one of several', () => {
  test('is aborted, and leaves its slot to the next at once; what it said is kept', async () => {
    const abort = new AbortController();
    const engine = new FakeEngine(Infinity, (steps) => {
      // Behind the first token with its prompt, two more have come.
      if (steps === 2) abort.abort();
    });
    const scheduler = schedulerOf(engine, 2);
    const asked = () => [[1], [2], [3], [4]].map((ids) => request(ids, 8));
    const [first, second, third, fourth] = asked();
    const signal = abort.signal;
    const answers = [first, { ...second, signal }, third, { ...fourth, signal }].map((one) =>
      scheduler.answer(one),
    );
    const found = await Promise.all(answers);
    const [a, b, c] = await Promise.all(asked().map((one) => alone(one)));
    expect(found[0]).toEqual(a);
    expect(found[2]).toEqual(c);
    const text = b.text.slice(0, 4);
    expect(found[1]).toEqual({ text, ids: b.ids.slice(0, 4), finish_reason: 'abort' });
    expect(found[3]).toEqual({ text: '', ids: [], finish_reason: 'abort' });
    // The third begins behind step 3, with 7 steps to go.
    expect(engine.steps).toBe(3 + 7);
  });

  test('cannot be read, or makes the model compute no numbers, or its listener throws: others are answered', async () => {
    const engine = new FakeEngine();
    const scheduler = schedulerOf(engine, 5);
    const onText = (): void => {
      throw new Error('who cares');
    };
    const asked = [
      request([1], 5),
      request([UNREADABLE], 5),
      request([BROKEN], 5),
      request([2], 5, { onText }),
    ];
    const found = await Promise.allSettled(asked.map((one) => scheduler.answer(one)));
    expect(found[0]).toEqual({ status: 'fulfilled', value: await alone(request([1], 5)) });
    expect(found.slice(1).map((one) => (one.status === 'rejected' ? String(one.reason) : ''))).toEqual([
      'Error: cannot be read',
      'Error: no numbers',
      'Error: who cares',
    ]);
    expect(engine.taken.size).toBe(0);
    expect((await scheduler.answer(request([1], 5))).ids).toHaveLength(5);
  });
});
