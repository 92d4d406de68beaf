/** Whatever is answered beside it, a conversation gets the answer it gets alone, token for token. */
import { describe, expect, test } from 'vitest';
import type { SampleMedia } from '../../../core/contracts/processor.js';
import type { Tokenizer } from '../../../core/contracts/tokenizer.js';
import { SeededRandom } from '../../../core/data/random.js';
import { Scheduler, type SlotRequest } from '../../../core/infer/scheduler.js';
import { adapterParameters, type CausalLM } from '../../../core/nn/index.js';
import { GenerateEngine } from '../../../core/runtime/generate-engine.js';
import type { SlotPrompt } from '../../../core/runtime/slot.js';
import { backendOf, loadCase, multimodalIds, parityCase, plugins } from '../../../parity/cases.js';
import { loadMultimodal } from '../../../parity/multimodal-case.js';
import { drawnIds } from '../../../parity/proof-decode.js';
import { proofModel } from '../../../parity/proof-model.js';
import { LORA as SMALL } from '../../../parity/lora-options.js';

const backend = await backendOf('onnxruntime');

/** Says each id as a word. */
const WORDS = {
  decode: (ids: readonly number[]) => ids.map((id) => `${id} `).join(''),
} as unknown as Tokenizer;

const GREEDY = { do_sample: false, temperature: 0, top_p: 1, repetition_penalty: 1 };
const DRAWN = { do_sample: true, temperature: 2, top_p: 0.95, repetition_penalty: 1.2 };

/** Prompts, each with how many tokens its answer has; odd ones are drawn, each by its own rules. */
function requestsOf(prompts: readonly SlotPrompt[], lengths: readonly number[]): SlotRequest[] {
  return prompts.map((prompt, i) => ({
    ...prompt,
    stopIds: [],
    stopWords: [],
    max_new_tokens: lengths[i],
    sampling: i % 2 === 0 ? GREEDY : { ...DRAWN, top_k: 20 + i },
    random: SeededRandom.stream(5, 'answer', i),
  }));
}

/** The ids of answers, with so many slots. @param later requests that are asked when the first answer has ended */
async function answers(
  model: CausalLM,
  requests: () => readonly SlotRequest[],
  slots: number,
  later = 0,
): Promise<(readonly number[])[]> {
  const engine = new GenerateEngine(backend, model);
  const scheduler = new Scheduler(engine, WORDS, slots, () => Promise.reject(new Error('no numbers')));
  const all = requests();
  const [now, then] = [all.slice(0, all.length - later), all.slice(all.length - later)];
  const first = now.map((request) => scheduler.answer(request));
  await Promise.race(first);
  const rest = then.map((request) => scheduler.answer(request));
  const ids = (await Promise.all([...first, ...rest])).map((answer) => answer.ids);
  await engine.release();
  return ids;
}

/** Five over three slots, the last of them asked late, one that stays longest. */
async function expectAsAlone(model: CausalLM, requests: () => readonly SlotRequest[]): Promise<void> {
  const alone = await answers(model, requests, 1);
  expect(alone.map(({ length }) => length)).toEqual(requests().map((one) => one.max_new_tokens));
  expect(await answers(model, requests, 3, 1)).toEqual(alone);
}

const PROMPTS = [26, 40, 3, 17, 9].map((length, seed) =>
  Array.from({ length }, (_, i) => 3 + ((i * 7 + seed * 13 + ((i * i) % 5)) % 60)),
);
const LENGTHS = [30, 4, 9, 20, 34];
const text = (): SlotRequest[] =>
  requestsOf(
    PROMPTS.map((ids) => ({ ids })),
    LENGTHS,
  );

describe('text', () => {
  test.each([
    ...['llama3', 'gpt2', 'bloom', 'gemma2', 'mistral', 'qwen3_windows', 'gpt_oss'],
    ...['mixtral', 'deepseek_v2', 'yuan2', 'minicpm4', 'cohere2'],
  ])('%s', async (id) => expectAsAlone((await loadCase(parityCase(id))).model, text));

  test.each(['mamba', 'mamba2', 'jamba', 'nemotron_h', 'qwen3_next', 'minimax_text_01'])(
    '%s, whose states run on',
    async (id) => expectAsAlone((await loadCase(parityCase(id))).model, text),
  );

  test.each(['rope_dynamic', 'phi3_longrope'])('%s, which turns by how long a row is', async (id) => {
    const { model } = await loadCase(parityCase(id));
    const { max_position_embeddings } = model.shape;
    // Rows cross the length from which on positions scale, each at its own step.
    expect(Math.min(...PROMPTS.map(({ length }) => length))).toBeLessThan(32);
    expect(max_position_embeddings).toBeLessThanOrEqual(128);
    await expectAsAlone(model, text);
  });
});

const LORA = { ...SMALL, lora_alpha: 8, lora_dropout: 0 };

/** Puts two adapters on every linear layer. */
async function addTwo(model: CausalLM): Promise<void> {
  const { instance } = await plugins().resolve('tuner', 'lora');
  const random = SeededRandom.seeded(2);
  for (const name of ['first', 'second']) {
    await instance.apply(model, { ...LORA, freeze_vit: !model.tower }, random, name);
    for (const { data } of adapterParameters(model, name))
      data!.forEach((value, i) => (data![i] = value + 0.3 * random.normal()));
  }
}

/** Of five requests: one adapter, both, none, the other, those that are active. */
const CHOICES = [
  new Map([['first', 1]]),
  new Map([
    ['second', 0.7],
    ['first', -0.5],
  ]),
  new Map<string, number>(),
  new Map([['second', 1]]),
  undefined,
];

describe('each with its adapters', () => {
  test.each(['llama3', 'mixtral', 'nemotron_h', 'mamba', 'gpt2'])('%s', async (id) => {
    const { model } = await loadCase(parityCase(id));
    await addTwo(model);
    const prompts = PROMPTS.map((_, i) => ({ ids: PROMPTS[0], adapters: CHOICES[i] }));
    const requests = (): SlotRequest[] =>
      requestsOf(prompts, LENGTHS).map((one) => ({
        ...one,
        sampling: GREEDY,
        random: SeededRandom.seeded(1),
      }));
    await expectAsAlone(model, requests);
    const found = await answers(model, requests, 3);
    expect(new Set(found.map((ids) => ids.slice(0, 4).join())).size).toBeGreaterThan(3);
  });
});

test.each(['int8', 'int4-g32'] as const)('%s', async (format) => {
  const model = await proofModel(format, 'tied');
  const prompts = [300, 5, 40, 17, 64].map((length) => ({ ids: drawnIds(length) }));
  await expectAsAlone(model, () => requestsOf(prompts, [8, 4, 40, 20, 10]));
});

describe.each(multimodalIds())('%s', (id) => {
  test('prompts with images and without, also with adapters, which the tower has too', async () => {
    const { model, samples, oracle } = await loadMultimodal(id);
    const prompts = [0, 1, 2, 0, 1].map((i): { ids: readonly number[]; media?: SampleMedia } => {
      const at = i % samples.length;
      return { ids: samples[at].input_ids.slice(0, oracle.samples[at].prompt), media: samples[at].media };
    });
    expect(prompts.some(({ media }) => media)).toBe(true);
    await expectAsAlone(model, () => requestsOf(prompts, [14, 3, 8, 10, 12]));
    await addTwo(model);
    const adapted = prompts.map((prompt, i) => ({ ...prompt, adapters: CHOICES[i] }));
    await expectAsAlone(model, () => requestsOf(adapted, [14, 3, 8, 10, 12]));
  });
});
