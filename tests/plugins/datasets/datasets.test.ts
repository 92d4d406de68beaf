import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allRegistrations } from 'swift-ts/plugin';
import type { DatasetMeta, Log, Preprocessor, RawRow } from 'swift-ts/plugin';
import { readRows } from '../../../core/io/rows/read-rows.js';

const folder = new URL('../../../plugins/datasets/', import.meta.url);
const ids = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.startsWith('_'))
  .map((name) => name.slice(0, -3));
await Promise.all(ids.map((id) => import(new URL(`${id}.ts`, folder).href)));

const said: string[] = [];
const log: Log = { info: () => undefined, warn: (message) => void said.push(message) };

const datasets = new Map(
  allRegistrations()
    .filter(({ kind }) => kind === 'dataset')
    .map(({ id, meta, target }) => [
      id,
      {
        meta: meta as DatasetMeta,
        plugin: new (target as new (log: Log) => Preprocessor & { columns?: Record<string, string> })(log),
      },
    ]),
);
const at = (id: string) => datasets.get(id)!.plugin;

test('each file registers the dataset it is named after, and says where its rows are', () => {
  expect([...datasets.keys()].sort()).toEqual(ids.sort());
  for (const { meta } of datasets.values()) expect(meta.hf ?? meta.ms).toMatch(/^[\w.-]+(\/[\w.-]+)?$/);
});

describe.each([...datasets].filter(([, { plugin }]) => plugin.columns))('%s', (_, { plugin }) => {
  test('a row under its own field names becomes a conversation that ends with the answer', () => {
    const raw: RawRow = Object.fromEntries(
      Object.entries(plugin.columns!).map(([from, to]) => [
        from,
        to === 'messages'
          ? [
              { role: 'human', content: 'query' },
              { role: 'bot', content: 'response' },
            ]
          : to === 'label'
            ? true
            : to,
      ]),
    );
    expect(plugin.toRow(raw, {})?.messages.at(-1)).toEqual({
      role: 'assistant',
      content: Object.values(plugin.columns!).includes('output') ? 'output' : 'response',
    });
  });
});

test('alpaca-zh loses the label in front of its input, dolly-15k reads its context first', () => {
  const question = (id: string, raw: RawRow) => at(id).toRow(raw, {})?.messages[0].content;
  expect(question('alpaca-zh', { instruction: '翻译', input: '输入：你好', output: 'hi' })).toBe(
    '翻译\n你好',
  );
  expect(question('dolly-15k', { instruction: 'do', context: 'read', response: 'r' })).toBe('read\ndo');
  expect(question('dolly-15k', { instruction: 'do', context: '', response: 'r' })).toBe('do');
});

describe('preferences', () => {
  const transcript = (...turns: string[]): string =>
    turns.map((text, i) => `\n\n${i % 2 === 0 ? 'Human' : 'Assistant'}: ${text}`).join('');

  test('hh-rlhf is two transcripts up to the answer that differs', () => {
    const chosen = transcript('q1', 'a1', 'q2', 'good\n\nand more', 'later', 'x');
    const rejected = transcript('q1', 'a1', 'q2', 'bad');
    expect(at('hh-rlhf').toRow({ chosen, rejected }, {})).toEqual({
      messages: [
        { role: 'user', content: 'q1' },
        { role: 'assistant', content: 'a1' },
        { role: 'user', content: 'q2' },
        { role: 'assistant', content: 'good\n\nand more' },
      ],
      rejected_response: 'bad',
    });
  });

  test.each([
    ['equal answers', transcript('q', 'a'), transcript('q', 'a')],
    ['other questions', transcript('q', 'a'), transcript('p', 'a')],
    ['no marks', 'q a', 'q b'],
    ['an empty answer', transcript('q', 'a'), transcript('q', '')],
    ['an answer missing', transcript('q', 'a'), transcript('q')],
  ])('hh-rlhf drops a row with %s', (_, chosen, rejected) => {
    expect(at('hh-rlhf').toRow({ chosen, rejected }, {})).toBeUndefined();
  });

  test('hh-rlhf-cn has the turns before apart', () => {
    const raw = {
      context: [{ role: 'human', text: '你好' }],
      chosen: { role: 'assistant', text: '好' },
      rejected: { role: 'assistant', text: '坏' },
    };
    expect(at('hh-rlhf-cn').toRow(raw, {})).toEqual({
      messages: [
        { role: 'user', content: '你好' },
        { role: 'assistant', content: '好' },
      ],
      rejected_response: '坏',
    });
    expect(at('hh-rlhf-cn').toRow({ ...raw, rejected: null }, {})).toBeUndefined();
  });

  test('orpo-dpo-mix-40k leaves its toxic source out', () => {
    const said = (content: string) => [
      { role: 'user', content: 'q' },
      { role: 'assistant', content },
    ];
    const raw = { chosen: said('a'), rejected: said('b') };
    expect(at('orpo-dpo-mix-40k').toRow({ ...raw, source: 'other' }, {})?.rejected_response).toBe('b');
    expect(at('orpo-dpo-mix-40k').toRow({ ...raw, source: 'toxic-dpo-v0.2' }, {})).toBeUndefined();
  });
});

describe('self-cognition', () => {
  const context = { model_name: ['小黄', 'Xiao Huang'], model_author: ['魔搭', 'ModelScope'] };

  test('fills in name and author by language', () => {
    const row = (tag: string) =>
      at('self-cognition').toRow({ query: '{{NAME}}?', response: '{{AUTHOR}} {{AUTHOR}}', tag }, context);
    expect(row('zh')?.messages.map(({ content }) => content)).toEqual(['小黄?', '魔搭 魔搭']);
    expect(row('en')?.messages.map(({ content }) => content)).toEqual([
      'Xiao Huang?',
      'ModelScope ModelScope',
    ]);
  });

  test('one value serves both languages; none is a default, and said with the flag to give', () => {
    const row = { query: 'q', response: '{{NAME}}', tag: 'en' };
    const given = { model_name: ['Solo'], model_author: ['Me'] };
    expect(at('self-cognition').toRow(row, given)?.messages[1].content).toBe('Solo');
    expect(at('self-cognition').toRow(row, {})?.messages[1].content).toBe('Swift');
    expect(said.join('\n')).toMatch(/no --model_name is given.*--model_name 小黄/);
  });

  test('the bundled rows are ours, in both languages, without repeats or open slots', async () => {
    const path = new URL(`../../../assets/${datasets.get('self-cognition')!.meta.bundled}`, import.meta.url)
      .pathname;
    const rows: RawRow[] = [];
    for await (const { row } of readRows(path)) rows.push(row);
    expect(rows.filter(({ tag }) => tag === 'zh').length).toBe(rows.filter(({ tag }) => tag === 'en').length);
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(new Set(rows.map(({ query }) => query)).size).toBe(rows.length);
    for (const row of rows) {
      const text = JSON.stringify(at('self-cognition').toRow(row, context));
      expect(text).not.toMatch(/\{\{|\}\}/);
    }
  });
});

test.each(['alpaca-zh', 'dolly-15k', 'self-cognition', 'alpaca-en'])(
  '%s: a row that is asked needs no answer',
  (id) => {
    const asked = { instruction: 'q', input: 'i', context: 'c', query: 'q', tag: 'en' };
    const names = { model_name: ['N'], model_author: ['A'] };
    expect(
      at(id)
        .toRow(asked, { questions: true, ...names })
        ?.messages.at(-1)?.role,
    ).toBe('user');
    expect(at(id).toRow({ ...asked, output: '', response: '' }, names)).toBeUndefined();
  },
);

test('a column that alpaca-zh does not read is told', () => {
  const told: string[] = [];
  at('alpaca-zh').toRow(
    { instruction: 'q', input: '', output: 'a', prompt: 'p' },
    { unused: (field) => told.push(field) },
  );
  expect(told).toEqual(['column prompt']);
});

describe('agents', () => {
  const contents = (id: string, raw: RawRow) =>
    at(id)
      .toRow(raw, {})
      ?.messages.map(({ role, content }) => [role, content]);

  test('toolbench keeps results of tools in their role', () => {
    const conversations = [
      { from: 'system', value: 's' },
      { from: 'user', value: 'q' },
      { from: 'assistant', value: 'Thought: t\nAction: a\nAction Input: {}' },
      { from: 'function', value: '{"x": 1}' },
      { from: 'assistant', value: 'Thought: end' },
    ];
    expect(contents('toolbench', { id: '1', conversations })?.map(([role]) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'assistant',
    ]);
  });

  test('toolbench-for-alpha-umi asks what stands in the system turn', () => {
    const conversations = [
      { from: 'system', value: 'plan' },
      { from: 'caller', value: 'Action: a' },
    ];
    expect(contents('toolbench-for-alpha-umi', { conversations })).toEqual([
      ['user', 'plan'],
      ['assistant', 'Action: a'],
    ]);
    expect(contents('toolbench-for-alpha-umi', { conversations: conversations.slice(1) })).toBeUndefined();
  });

  test('agent-instruct-all-en reads text of Python whose commas are missing, and what is learned', () => {
    const conversations =
      "[{'from': 'human', 'loss': None, 'value': 'q'}\n {'from': 'gpt', 'loss': False, 'value': 'no'}\n {'from': 'human', 'loss': None, 'value': 'r'}\n {'from': 'gpt', 'loss': True, 'value': 'yes'}]";
    expect(at('agent-instruct-all-en').toRow({ conversations, id: 'os_0' }, {})?.messages).toEqual([
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'no', loss: false },
      { role: 'user', content: 'r' },
      { role: 'assistant', content: 'yes', loss: true },
    ]);
  });

  test('damo-agent-zh-mini takes dialogues with several tools', () => {
    const turns = (system: string) => [
      { from: 'system', value: system },
      { from: 'user', value: 'q' },
      { from: 'assistant', value: 'a' },
    ];
    const one = '1. {"plugin_name": "m"} 2. {"plugin_name": "m"}';
    const two = '1. {"plugin_name": "m"} 2. {"plugin_name": "n"}';
    expect(contents('damo-agent-zh-mini', { conversations: turns(one) })).toBeUndefined();
    expect(contents('damo-agent-zh-mini', { conversations: turns(two) })).toHaveLength(3);
    expect(contents('damo-agent-zh-mini', { conversations: turns(two).slice(1) })).toBeUndefined();
    expect(contents('damo-agent-zh', { conversations: turns(one) })).toHaveLength(3);
  });

  test('ms-agent-multirole puts rules and what was said behind the role', () => {
    const room = [
      { from: 'system', value: '你是小王' },
      { from: 'A', value: '你好' },
      { from: '小王', value: '大家好' },
    ];
    const [[role, asked], last] = contents('ms-agent-multirole', { conversations: room })!;
    expect(role).toBe('user');
    expect(asked).toMatch(/^你是小王\n\n【注意事项】\n1\. .*\n\n【chat history】\n A:你好$/s);
    expect(last).toEqual(['assistant', '大家好']);
    const next = [{ from: 'system', value: 'next_speakers:?' }, ...room.slice(1)];
    expect(contents('ms-agent-multirole', { conversations: next })![0]).toEqual(['user', 'next_speakers:?']);
    const user = [{ from: 'user', value: 'q' }, room[2]];
    expect(contents('ms-agent-multirole', { conversations: user })![0]).toEqual(['user', 'q']);
  });

  test('xlam-function-calling-60k has its calls as JSON text', () => {
    const raw = {
      id: 1,
      query: 'q',
      answers: '[{"name": "f", "arguments": {"a": 1}}, {"name": "g", "arguments": {}}]',
      tools: '[{"name": "f", "description": "d", "parameters": {"a": {"type": "int"}}}]',
    };
    const row = at('xlam-function-calling-60k').toRow(raw, {});
    expect(row?.tools).toHaveLength(1);
    expect(row?.messages[1].tool_calls?.map((call) => call.function)).toEqual([
      { name: 'f', arguments: { a: 1 } },
      { name: 'g', arguments: {} },
    ]);
  });

  test('function-calling-chatml has its tools in a text, and loses the system turn that says them', () => {
    const conversations = [
      { from: 'system', value: 'tools: {}' },
      { from: 'human', value: 'q' },
      { from: 'gpt', value: 'a' },
    ];
    const row = at('function-calling-chatml').toRow(
      { conversations, function_description: '{"name": "f"}\n\n{"name": "g"}' },
      {},
    );
    expect(row?.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(row?.tools).toEqual(['{"name": "f"}', '{"name": "g"}']);
    expect(
      at('function-calling-chatml').toRow({ conversations, function_description: '' }, {})?.tools,
    ).toBeUndefined();
  });
});

test('blossom-math-zh: the final answer stands behind the worked one', () => {
  const row = at('blossom-math-zh').toRow({ input: '1 + 1 = ?', output: 'Count.', answer: '2' }, {});
  expect(row?.messages.map(({ content }) => content)).toEqual(['1 + 1 = ?', 'Count.\n\nAnswer: 2']);
});

test('rlaif-v: two answers about an image', () => {
  const raw = {
    question: 'What is it?',
    chosen: 'A cat.',
    rejected: 'A dog.',
    image: { bytes: new Uint8Array([1]) },
  };
  const row = at('rlaif-v').toRow(raw, {});
  expect(row).toMatchObject({ rejected_response: 'A dog.', images: [{ bytes: raw.image.bytes }] });
  expect(row?.messages.map(({ content }) => content)).toEqual(['What is it?', 'A cat.']);
});
