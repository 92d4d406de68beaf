import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LossScale, LossScaling } from '../../../core/contracts/loss-scale.js';
import type { Message } from '../../../core/contracts/row.js';
import { IGNORE_INDEX, type Encoded, type EncodeOptions } from '../../../core/contracts/template.js';
import { services } from '../../../core/sdk/default-services.js';
import { learnedOf } from '../../../core/sdk/loss-scaling.js';
import { createJinjaTemplate, JinjaTemplate, SpecTemplate } from '../../../core/template/index.js';
import { weigh } from '../../../core/template/loss-scaling.js';
import { realTokenizer, tinyTokenizer } from '../../extras/tokenizers.js';

interface Case {
  readonly scale: string;
  readonly text: string;
  readonly query: string;
  readonly pieces: readonly (readonly [string, number])[];
}

const cases = JSON.parse(
  readFileSync(new URL('../../fixtures/agents/loss-scales.json', import.meta.url), 'utf8'),
) as Case[];
const { plugins } = services();

const scalesOf = async (named: string): Promise<readonly LossScale[]> =>
  (await learnedOf({ loss_scale: named }, 'assistant', plugins)).loss_scale!.scales;

/** Neighbours of one weight are one piece, and pieces of nothing none. */
function joined(pieces: readonly (readonly [string, number])[]): (readonly [string, number])[] {
  const out: [string, number][] = [];
  for (const [text, weight] of pieces.filter(([text]) => text !== '')) {
    const last = out.at(-1);
    if (last?.[1] === weight) last[0] += text;
    else out.push([text, weight]);
  }
  return out;
}

const pieces = (text: string, query: string, scales: readonly LossScale[]): (readonly [string, number])[] =>
  joined(weigh(text, query, scales).map(({ start, end, weight }) => [text.slice(start, end), weight]));

describe('pieces and their weights', () => {
  test.each([...new Set(cases.map(({ scale }) => scale))])(
    '%s: as SWIFT cuts and weighs them',
    async (scale) => {
      const scales = await scalesOf(scale);
      const own = cases.filter((one) => one.scale === scale);
      expect(own.length).toBeGreaterThan(10);
      for (const { text, query, pieces: wanted } of own) {
        expect(pieces(text, query, scales), text).toEqual(joined(wanted));
      }
    },
  );

  test('by hand: a keyword reaches to the next, and what is before the first weighs 1', () => {
    const scales = [{ response: { 'Action:': [2, 3], 'Observation:': [1, 0] } }];
    expect(pieces('So. Action: go Observation: there', 'q', scales)).toEqual([
      ['So. ', 1],
      ['Action:', 2],
      [' go ', 3],
      ['Observation:', 1],
      [' there', 0],
    ]);
  });

  test('by hand: of keywords that begin together the one listed first counts; text behind an expression stays there', () => {
    expect(pieces('ab abc', '', [{ response: { ab: [2, 2], abc: [5, 5] } }])).toEqual([['ab abc', 2]]);
    expect(pieces('<a>x</a> then <a>\n</a>!', '', [{ response: { '<a>.*?</a>': [4] } }])).toEqual([
      ['<a>x</a>', 4],
      [' then ', 1],
      ['<a>\n</a>', 4],
      ['!', 1],
    ]);
  });

  test('joined, they are the answer, and weights of a chain multiply', () => {
    const rules = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.tuple(fc.nat(3), fc.nat(3)), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(fc.string(), rules, fc.string(), (text, response, query) => {
        const once = weigh(text, query, [{ response }]);
        expect(once.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        const halves = [{ response }, { response: {}, query: { '': 2 } }];
        const both = weigh(text, query, halves);
        expect(both.map(({ weight }) => weight)).toEqual(once.map(({ weight }) => 2 * weight));
      }),
    );
  });
});

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string, more: Partial<Message> = {}): Message => ({
  role: 'assistant',
  content,
  ...more,
});

class Chatml extends SpecTemplate {
  readonly spec = {
    prefix: [],
    system_prefix: ['<|im_start|>system\n{{SYSTEM}}<|im_end|>\n'],
    prompt: ['<|im_start|>user\n{{QUERY}}<|im_end|>\n<|im_start|>assistant\n'],
    chat_sep: ['<|im_end|>\n'],
    suffix: ['<|im_end|>'],
  };
}

const REACT = await scalesOf('react');
const react: LossScaling = { last_round: false, scales: REACT };
const tokenizer = await tinyTokenizer();

function weighed(
  { input_ids, labels, loss_scale }: Encoded,
  from = tokenizer,
): (readonly [string, number])[] {
  const out: { ids: number[]; weight: number }[] = [];
  input_ids.forEach((id, i) => {
    const weight = labels[i] === IGNORE_INDEX ? 0 : (loss_scale?.[i] ?? 1);
    if (out.at(-1)?.weight === weight) out.at(-1)!.ids.push(id);
    else out.push({ ids: [id], weight });
  });
  return out.filter(({ weight }) => weight > 0).map(({ ids, weight }) => [from.decode(ids), weight]);
}

function encoded(messages: readonly Message[], options: EncodeOptions): Encoded {
  const result = new Chatml().encode({ messages }, tokenizer, options);
  if (result.kind !== 'sample') throw new Error(result.reason);
  return result.sample;
}

const CALL = 'Thought: a\nAction: b\nObservation: c';

describe('weights of tokens', () => {
  test('stand where the text does; the stop weighs 1, and weight 0 is not learned', () => {
    expect(weighed(encoded([user('q'), assistant(CALL)], { loss_scale: react }))).toEqual([
      ['Thought: a\n', 1],
      ['Action: b\nObservation:', 2],
      ['<|im_end|>', 1],
    ]);
  });

  test('are absent where all tokens weigh 1', () => {
    expect(encoded([user('q'), assistant('plain')], { loss_scale: react }).loss_scale).toBeUndefined();
    expect(encoded([user('q'), assistant(CALL)], {}).loss_scale).toBeUndefined();
  });

  test('of a message override the rules, and a message that is not learned weighs nothing', () => {
    const messages = [
      user('q'),
      assistant(CALL, { loss_scale: 5 }),
      user('q'),
      assistant(CALL, { loss: false }),
    ];
    expect(weighed(encoded(messages, { loss_scale: react }))).toEqual([
      [CALL, 5],
      ['<|im_end|>', 1],
    ]);
    expect(
      weighed(encoded(messages, { supervise: 'all' }))
        .map(([text]) => text)
        .join(''),
    ).not.toContain(`${CALL}<|im_end|>\n<|im_start|>assistant`);
  });

  test('last_round learns the last answer, and others whose message says so', () => {
    const last: LossScaling = { last_round: true, scales: [] };
    const turns = [user('1'), assistant('a'), user('2'), assistant('b'), user('3'), assistant('c')];
    expect(weighed(encoded(turns, { loss_scale: last }))).toEqual([['c<|im_end|>', 1]]);
    turns[1] = assistant('a', { loss: true });
    expect(weighed(encoded(turns, { loss_scale: last }))).toEqual([
      ['a<|im_end|>', 1],
      ['c<|im_end|>', 1],
    ]);
  });

  test('of every token: rules weigh answers, and the rest weighs 1', () => {
    const all = weighed(
      encoded([user('Action: q'), assistant(CALL)], { supervise: 'all', loss_scale: react }),
    );
    expect(all).toEqual([
      ['<|im_start|>user\nAction: q<|im_end|>\n<|im_start|>assistant\nThought: a\n', 1],
      ['Action: b\nObservation:', 2],
      ['<|im_end|>', 1],
    ]);
  });

  test('of a text row', () => {
    expect(weighed(encoded([assistant('x Action: y')], { loss_scale: react }))[1]).toEqual(['Action: y', 2]);
  });

  test('a cut sample keeps them beside its tokens', () => {
    const whole = encoded([user('q'), assistant(CALL)], { loss_scale: react });
    const cut = encoded([user('q'), assistant(CALL)], {
      loss_scale: react,
      max_length: 12,
      truncation_strategy: 'left',
    });
    expect(cut.loss_scale).toEqual(whole.loss_scale!.slice(-12));
  });
});

describe('a token across two stretches has the weight of the one it begins in, in vocabularies of every kind', () => {
  test.each(['qwen3', 'llama2', 'llama3', 'gemma3'] as const)('%s', async (name) => {
    const real = await realTokenizer(name);
    const text =
      'Thought: I wonder…\nAction: ask\nAction Input: {"wort": "Grüße 你好"}\nObservation: nothing 🎉';
    const result = new Chatml().encode({ messages: [user('q'), assistant(text)] }, real, {
      loss_scale: react,
    });
    if (result.kind !== 'sample') throw new Error(result.reason);
    const { input_ids, labels, loss_scale } = result.sample;
    const plain = new Chatml().encode({ messages: [user('q'), assistant(text)] }, real);
    expect(plain.kind === 'sample' && plain.sample.input_ids).toEqual(input_ids);
    const from = labels.findIndex((label) => label !== IGNORE_INDEX);
    const stretches = weigh(text, '', REACT);
    for (let i = from; i < input_ids.length; i++) {
      const before = real.decode(input_ids.slice(0, i)).length - real.decode(input_ids.slice(0, from)).length;
      const stretch = stretches.find(({ start, end }) => start <= before && before < end);
      const weight = labels[i] === IGNORE_INDEX ? 0 : (loss_scale?.[i] ?? 1);
      if (!real.decode(input_ids.slice(0, i)).endsWith('\uFFFD'))
        expect(weight, `${i}`).toBe(stretch?.weight ?? 1);
    }
    expect(loss_scale!.filter((weight) => weight === 2).length).toBeGreaterThan(8);
  });
});

describe("a checkpoint's own template", () => {
  test('weighs the same stretches as the format given as data, the stop 1', async () => {
    const qwen = await realTokenizer('qwen3');
    const own = await createJinjaTemplate(qwen);
    expect(own).toBeInstanceOf(JinjaTemplate);
    const result = own.encode({ messages: [user('q'), assistant(CALL)] }, qwen, { loss_scale: react });
    if (result.kind !== 'sample') throw new Error(result.reason);
    const found = weighed(result.sample, qwen);
    expect(found.slice(-2)).toEqual([
      ['Action: b\nObservation:', 2],
      [expect.stringMatching(/^<\|im_end\|>/), 1],
    ]);
  });
});
