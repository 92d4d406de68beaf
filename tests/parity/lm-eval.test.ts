/** Prompts, log-likelihoods, answers, what is read off them and the scores, as lm-evaluation-harness has them. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Evaluator } from '../../core/contracts/evaluator.js';
import type { InferBackend } from '../../core/contracts/infer-backend.js';
import { drawShots } from '../../core/eval/few-shot.js';
import { SetTally } from '../../core/eval/report.js';
import { runSet, type AskedQuestion, type EvaluatedItem } from '../../core/eval/run-set.js';
import { NativeBackend } from '../../core/infer/native-backend.js';
import { loadModel } from '../../core/model/load-model.js';
import { services } from '../../core/sdk/default-services.js';
import { ROOT, TINY } from '../e2e/swift.js';

interface Item {
  readonly index: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly requests?: readonly (readonly [context: string, continuation: string])[];
  readonly log_likelihoods?: readonly number[];
  readonly is_greedy?: readonly boolean[];
  readonly prompt?: string;
  readonly output?: string;
  readonly extracted?: Readonly<Record<string, string>>;
}

interface Run {
  readonly few_shot: number;
  readonly results: Readonly<Record<string, { readonly value: number; readonly stderr: number }>>;
  readonly items: readonly Item[];
}

interface Oracle {
  readonly rows: Readonly<Record<'train' | 'test', readonly Readonly<Record<string, unknown>>[]>>;
  readonly runs: Readonly<Record<string, Run>>;
}

const own = services();
const backend = await own.backend();
const opened: InferBackend[] = [];
afterAll(async () => {
  for (const one of opened) await one.release();
});

const oracle = (task: string): Oracle =>
  JSON.parse(readFileSync(join(ROOT, `tests/fixtures/parity/lm-eval/${task}.json`), 'utf8')) as Oracle;

/** The limit of the runs named `cut`. */
const LIMIT = 90;

async function native(folder: string, template_type: string, max_length = -1): Promise<NativeBackend> {
  const loaded = await loadModel(
    { model_id_or_path: folder, template_type, use_hf: true, dtype: 'fp32' },
    own,
  );
  const greedy = { do_sample: false, temperature: 0, top_p: 1, repetition_penalty: 1 };
  const rest = { seed: 1, stop_words: [], batch_size: 4, max_length };
  const made = new NativeBackend(loaded, backend, { ...greedy, ...rest });
  opened.push(made);
  return made;
}

/** The questions of a run with their examples. */
function askedIn({ rows }: Oracle, { few_shot, items }: Run, evaluator: Evaluator): AskedQuestion[] {
  const [pool, questions] = [rows.train, rows.test].map((part) => part.map((row) => evaluator.question(row)));
  const drawn = drawShots({
    questions: items.length,
    pool: pool.length,
    shots: few_shot,
    isSame: false,
  });
  return items.map(({ index }) => ({
    index,
    question: questions[index],
    shots: drawn[index].map((shot) => pool[shot]),
  }));
}

async function itemsOf(
  evaluator: Evaluator,
  asked: readonly AskedQuestion[],
  answering: InferBackend,
): Promise<EvaluatedItem[]> {
  const items: EvaluatedItem[] = [];
  await runSet(evaluator, asked, answering, { max_new_tokens: 24, onItem: (item) => items.push(item) });
  return items.sort((a, b) => a.index - b.index);
}

function expectResults(items: readonly EvaluatedItem[], run: Run): void {
  const tally = new SetTally('set', run.few_shot, items.length);
  for (const item of items) tally.add(item);
  const { metrics } = tally.report();
  expect(Object.keys(metrics).sort()).toEqual(Object.keys(run.results).sort());
  for (const [name, { value, stderr }] of Object.entries(run.results)) {
    expect(metrics[name].value).toBeCloseTo(value, 12);
    expect(metrics[name].stderr).toBeCloseTo(stderr, 12);
  }
}

describe('arc', async () => {
  const known = oracle('arc_easy');
  const { instance } = await own.plugins.resolve('evaluator', 'arc');

  test.each(['plain', 'shots', 'cut', 'bos'])('%s', async (name) => {
    const run = known.runs[name];
    const folder = name === 'bos' ? withBos() : TINY;
    const answering = await native(folder, 'default-generation', name === 'cut' ? LIMIT : -1);
    const items = await itemsOf(instance, askedIn(known, run, instance), answering);
    expect(items).toHaveLength(run.items.length);
    for (const [i, item] of items.entries()) {
      const wanted = run.items[i];
      expect(wanted.requests).toEqual(item.choices!.map((choice) => [item.prompt, ` ${choice}`]));
      for (const [j, logp] of item.log_likelihoods!.entries())
        expect(Math.abs(logp - wanted.log_likelihoods![j])).toBeLessThan(1e-4);
      expect(item.metrics).toEqual(wanted.metrics);
      expect((item.cut ?? 0) > 0).toBe(name === 'cut');
    }
    expectResults(items, run);
  });

  test('which texts are the likeliest token for token', async () => {
    const { items } = known.runs.shots;
    const answering = await native(TINY, 'default-generation');
    const found: boolean[] = [];
    const requests = items.flatMap((item) => item.requests!);
    await answering.logLikelihoods(
      requests.map(([context, continuation]) => ({ context, continuation })),
      { onDone: (request, { is_greedy }) => (found[request] = is_greedy) },
    );
    expect(found).toEqual(items.flatMap((item) => item.is_greedy!));
  });
});

/** The model with a tokenizer that puts BOS first. */
function withBos(): string {
  const folder = mkdtempSync(join(tmpdir(), 'swift-bos-'));
  cpSync(TINY, folder, { recursive: true });
  const path = join(folder, 'tokenizer_config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, add_bos_token: true }));
  return folder;
}

describe('gsm8k', async () => {
  const known = oracle('gsm8k');
  const { instance } = await own.plugins.resolve('evaluator', 'gsm8k');

  test.each(['plain', 'shots', 'cut', 'turns'])('%s', async (name) => {
    const run = known.runs[name];
    const template = name === 'turns' ? 'chat_template' : 'default-generation';
    const answering = await native(TINY, template, name === 'cut' ? LIMIT : -1);
    const asked = askedIn(known, run, instance);
    const items = await itemsOf(instance, asked, answering);
    expect(items).toHaveLength(run.items.length);
    for (const [i, { prompt, output, extracted, metrics, cut = 0 }] of items.entries()) {
      const wanted = run.items[i];
      expect(cut > 0).toBe(name === 'cut');
      const text = typeof prompt === 'string' ? prompt : chatml(prompt);
      expect(text).toBe(wanted.prompt);
      expect({ output, extracted, metrics }).toEqual({
        output: wanted.output,
        extracted: wanted.extracted,
        metrics: wanted.metrics,
      });
    }
    expectResults(items, run);
  });

  test('answers in many forms', async () => {
    const run = known.runs.canned;
    const canned: InferBackend = {
      isChat: false,
      async generate(prompts, _settings, { onDone }) {
        expect(prompts).toEqual(run.items.map(({ prompt }) => prompt));
        run.items.forEach(({ output }, i) => onDone(i, { text: output!, finish_reason: 'stop', cut: 0 }));
      },
      logLikelihoods: () => Promise.reject(new Error('not asked')),
      release: async () => {},
    };
    const items = await itemsOf(instance, askedIn(known, run, instance), canned);
    for (const [i, { extracted, metrics }] of items.entries()) {
      const { output } = run.items[i];
      expect({ output, extracted, metrics }).toEqual({
        output,
        extracted: run.items[i].extracted,
        metrics: run.items[i].metrics,
      });
    }
    expectResults(items, run);
  });
});

/** The turns as the bundled model's template writes them. */
const chatml = (turns: readonly { readonly role: string; readonly content: string }[]): string =>
  `${turns.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('')}<|im_start|>assistant\n`;
