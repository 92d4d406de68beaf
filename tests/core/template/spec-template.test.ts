import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IGNORE_INDEX } from '../../../core/contracts/template.js';
import type { Encoded, EncodeOptions } from '../../../core/contracts/template.js';
import type { Message } from '../../../core/contracts/row.js';
import { SpecTemplate } from '../../../core/template/index.js';
import type { TemplateSpec } from '../../../core/template/index.js';
import { tinyTokenizer } from '../../extras/tokenizers.js';

const tokenizer = await tinyTokenizer();

const CHATML: TemplateSpec = {
  prefix: [],
  system_prefix: ['<|im_start|>system\n{{SYSTEM}}<|im_end|>\n'],
  prompt: ['<|im_start|>user\n{{QUERY}}<|im_end|>\n<|im_start|>assistant\n'],
  chat_sep: ['<|im_end|>\n'],
  suffix: ['<|im_end|>'],
};
const PLAIN: TemplateSpec = {
  prefix: [['bos_token_id']],
  system_prefix: [['bos_token_id'], '{{SYSTEM}}\n'],
  prompt: ['Q: {{QUERY}}\nA:'],
  chat_sep: ['\n'],
  suffix: [['eos_token_id']],
};

function make(spec: TemplateSpec): SpecTemplate {
  class Example extends SpecTemplate {
    override readonly spec = spec;
  }
  return new Example();
}

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string, loss?: boolean): Message => ({ role: 'assistant', content, loss });
const system = (content: string): Message => ({ role: 'system', content });

function sample(spec: TemplateSpec, messages: Message[], options?: EncodeOptions): Encoded {
  const result = make(spec).encode({ messages }, tokenizer, options);
  if (result.kind !== 'sample') throw new Error(result.reason);
  return result.sample;
}

const learned = ({ labels }: Encoded): string =>
  tokenizer.decode(labels.filter((label) => label !== IGNORE_INDEX));
const text = ({ input_ids }: Encoded): string => tokenizer.decode(input_ids);

test('what leads a conversation stands right behind its beginning, as it does before a text to train on', () => {
  const first = { ...user('q'), lead: '!!' };
  expect(text(sample(PLAIN, [first, assistant('a')]))).toBe('<s>!!Q: q\nA:a</s>');
  expect(text(sample(PLAIN, [{ ...system('s'), lead: '!!' }, user('q'), assistant('a')]))).toBe(
    '<s>s\n!!Q: q\nA:a</s>',
  );
  expect(text(sample(PLAIN, [{ ...assistant('a'), lead: '!!' }]))).toBe('<s>!!a</s>');
});

describe('labels', () => {
  test('cover each answer and its stop token, nothing else', () => {
    const encoded = sample(CHATML, [system('s'), user('q1'), assistant('a1'), user('q2'), assistant('a2')]);
    expect(text(encoded)).toBe(
      '<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nq1<|im_end|>\n<|im_start|>assistant\na1<|im_end|>\n' +
        '<|im_start|>user\nq2<|im_end|>\n<|im_start|>assistant\na2<|im_end|>',
    );
    expect(learned(encoded)).toBe('a1<|im_end|>a2<|im_end|>');
  });

  test('leave out an answer with loss: false, its stop token included', () => {
    expect(learned(sample(CHATML, [user('q'), assistant('no', false), user('q'), assistant('yes')]))).toBe(
      'yes<|im_end|>',
    );
    const none = make(CHATML).encode({ messages: [user('q'), assistant('no', false)] }, tokenizer);
    expect(none).toEqual({ kind: 'dropped', reason: 'no_supervised_tokens' });
  });

  test('do not cover a separator that is not the stop token', () => {
    expect(learned(sample(PLAIN, [user('q'), assistant(' a1'), user('q'), assistant(' a2')]))).toBe(
      ' a1 a2</s>',
    );
  });

  test("cover everything under supervise: 'all' and in a text row, which has no chat format around it", () => {
    const all = sample(CHATML, [user('q'), assistant('a')], { supervise: 'all' });
    expect(all.labels).toEqual(all.input_ids);
    const plain = sample(PLAIN, [assistant('hello the world')]);
    expect(text(plain)).toBe('<s>hello the world</s>');
    expect(plain.labels).toEqual(plain.input_ids);
  });

  test('equal input_ids where they are set, and messages after the last answer are left out', () => {
    const encoded = sample(CHATML, [user('q'), assistant('a'), user('unanswered')]);
    expect(text(encoded)).not.toContain('unanswered');
    encoded.labels.forEach((label, i) => expect([IGNORE_INDEX, encoded.input_ids[i]]).toContain(label));
  });
});

describe('ids', () => {
  test('are those of the prompt, then those of the answer: no token spans the two', () => {
    const encoded = sample({ ...PLAIN, prompt: ['{{QUERY}} the'] }, [user('hello'), assistant('re')]);
    expect(encoded.input_ids).toEqual([...tokenizer.encode('<s>hello the'), ...tokenizer.encode('re</s>')]);
    const template = make({ ...PLAIN, prompt: ['{{QUERY}}\n'] });
    const spanning = sample(template.spec, [user('x'), assistant('\ny')]);
    expect(spanning.input_ids).toEqual([
      ...template.prompt([user('x')], tokenizer),
      ...tokenizer.encode('\ny</s>'),
    ]);
    expect(tokenizer.encode('x\n\ny')).toHaveLength(3);
    expect(learned(spanning)).toBe('\ny</s>');
  });

  test('of a prompt are the start of the sample', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 4 }), (turns) => {
        const messages = turns.flatMap(([q, a]) => [user(q), assistant(a)]);
        const encoded = sample(CHATML, messages);
        const prompt = make(CHATML).prompt(messages.slice(0, -1), tokenizer);
        expect(encoded.input_ids.slice(0, prompt.length)).toEqual(prompt);
      }),
    );
  });

  test('placeholders inside content are content', () => {
    expect(text(sample(CHATML, [user('{{SYSTEM}} {{QUERY}}'), assistant('{{RESPONSE}}')]))).toContain(
      '{{SYSTEM}} {{QUERY}}',
    );
  });

  test('BOS goes in front once, only where asked for and the tokenizer adds it', () => {
    const bos = tokenizer.bos_token_id;
    const count = (spec: TemplateSpec) =>
      sample(spec, [user('q'), assistant('a')]).input_ids.filter((id) => id === bos).length;
    expect(count(CHATML)).toBe(0);
    expect(count({ ...CHATML, auto_add_bos: true })).toBe(1);
    expect(count({ ...PLAIN, auto_add_bos: true })).toBe(1);
  });
});

describe('system prompts', () => {
  const spec = { ...CHATML, default_system: 'default' };
  const systemOf = (messages: Message[], options?: EncodeOptions) =>
    /system\n(.*?)<\|im_end/.exec(text(sample(spec, messages, options)))?.[1];
  const turn = [user('q'), assistant('a')];

  test('a row outranks the option, which outranks the default; an empty one is none', () => {
    expect(systemOf(turn)).toBe('default');
    expect(systemOf(turn, { system: 'option' })).toBe('option');
    expect(systemOf([system('row'), ...turn], { system: 'option' })).toBe('row');
    expect(systemOf(turn, { system: '' })).toBeUndefined();
    expect(systemOf([system(''), ...turn])).toBeUndefined();
  });

  test('a piece of the prompt with {{SYSTEM}} stands in the first turn only', () => {
    const post = { ...PLAIN, system_prefix: null, prompt: ['[{{SYSTEM}}]', '{{QUERY}}|'] };
    const encoded = sample(post, [system('s'), user('q1'), assistant('a1'), user('q2'), assistant('a2')]);
    expect(text(encoded)).toBe('<s>[s]q1|a1\nq2|a2</s>');
  });
});

describe('thoughts', () => {
  const spec = { ...CHATML, thinking: 'strip' as const, generation_prefix: '<think>\n' };

  test('leave earlier answers, stay in the last, and begin a generation prompt', () => {
    const encoded = sample(spec, [
      user('q'),
      assistant('<think>x</think>\n\na1'),
      user('q'),
      assistant('<think>y</think>\n\na2'),
    ]);
    expect(learned(encoded)).toBe('a1<|im_end|><think>y</think>\n\na2<|im_end|>');
    expect(tokenizer.decode(make(spec).prompt([user('q')], tokenizer))).toMatch(/assistant\n<think>\n$/);
  });
});

describe('truncation', () => {
  const messages = [
    system('sys'),
    user('first question'),
    assistant('first answer'),
    user('q'),
    assistant('last answer'),
  ];
  const full = sample(CHATML, messages);

  test('delete drops, right keeps the start, left keeps the system prompt and the end', () => {
    const encode = (truncation_strategy: EncodeOptions['truncation_strategy'], max_length: number) =>
      make(CHATML).encode({ messages }, tokenizer, { max_length, truncation_strategy });
    expect(encode('delete', full.input_ids.length - 1)).toEqual({ kind: 'dropped', reason: 'too_long' });
    expect(encode(undefined, full.input_ids.length)).toMatchObject({ kind: 'sample', truncated: false });
    const right = encode('right', full.input_ids.length - 3);
    expect(right).toMatchObject({ truncated: true, sample: { input_ids: full.input_ids.slice(0, -3) } });
    const left = encode('left', 40);
    if (left.kind !== 'sample') throw new Error(left.reason);
    expect(text(left.sample)).toMatch(
      /^<\|im_start\|>system\nsys<\|im_end\|>\n(?!<\|im_start\|>user\nfirst).*last answer<\|im_end\|>$/s,
    );
    expect(encode('right', 3)).toEqual({ kind: 'dropped', reason: 'no_supervised_tokens' });
  });

  test('never gives more than max_length, labels in step, and always something to learn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom('left', 'right', 'delete'),
        (max_length, strategy) => {
          const result = make(CHATML).encode({ messages }, tokenizer, {
            max_length,
            truncation_strategy: strategy,
          });
          if (result.kind === 'dropped') return;
          const { input_ids, labels } = result.sample;
          expect(input_ids.length).toBe(Math.min(max_length, full.input_ids.length));
          expect(labels.length).toBe(input_ids.length);
          expect(labels.slice(1).some((label) => label !== IGNORE_INDEX)).toBe(true);
        },
      ),
    );
  });
});

describe('what a format cannot say is refused with the message it stands in', () => {
  const tool_calls = [{ function: { name: 'f', arguments: '{}' } }];
  test.each<[string, Message[], RegExp]>([
    ['two users', [user('a'), user('b'), assistant('c')], /messages\[1\].*two user messages/],
    ['two answers', [user('a'), assistant('b'), assistant('c')], /messages\[2\].*needs a user message/],
    [
      'late system',
      [user('a'), assistant('b'), system('c'), user('d'), assistant('e')],
      /messages\[2\].*system/,
    ],
    ['tool', [user('a'), { role: 'tool', content: 'b' }, assistant('c')], /messages\[1\].*tool messages/],
    ['tool call', [user('a'), { role: 'assistant', content: '', tool_calls }], /messages\[1\].*tool calls/],
  ])('%s', (_, messages, message) => {
    expect(() => sample(CHATML, messages)).toThrow(message);
    expect(() => sample(CHATML, messages)).toThrow(expect.objectContaining({ code: 'BAD_TEMPLATE' }));
  });

  test('system prompt and second turn where the format has none', () => {
    const single = { ...PLAIN, system_prefix: null, chat_sep: null };
    expect(() => sample(single, [system('s'), user('q'), assistant('a')])).toThrow(
      /cannot say a system prompt/,
    );
    expect(() => sample(single, [user('q'), assistant('a'), user('q'), assistant('a')])).toThrow(
      /one turn only; the row has 2/,
    );
    const tools = [{ type: 'function' }];
    expect(() => make(CHATML).encode({ messages: [user('q'), assistant('a')], tools }, tokenizer)).toThrow(
      /tool definitions/,
    );
    expect(() => make(CHATML).prompt([user('q'), assistant('a')], tokenizer)).toThrow(
      /must not end with an assistant/,
    );
  });
});

test('stops are the last suffix piece, the further stop words and every EOS of the checkpoint', () => {
  const template = make({ ...CHATML, suffix: ['\n<|EOT|>'], stop_words: ['<|end|>', 'two words'] });
  expect(template.stopWords).toEqual(['<|EOT|>', '<|end|>', 'two words']);
  expect(template.stopIds(tokenizer).map((id) => tokenizer.idToToken(id))).toEqual([
    '<|EOT|>',
    '<|end|>',
    '</s>',
    '<|im_end|>',
  ]);
});
