import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Message, StandardRow } from '../../core/contracts/row.js';
import type { Template } from '../../core/contracts/template.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';
import type { SpecTemplate } from '../../core/template/index.js';
import { chatTemplateDifference, createJinjaTemplate } from '../../core/template/index.js';
import { Chatml } from '../../plugins/templates/chatml.js';
import { Llama } from '../../plugins/templates/llama.js';
import { Llama3 } from '../../plugins/templates/llama3.js';
import { Llama3_2 } from '../../plugins/templates/llama3_2.js';
import { Qwen } from '../../plugins/templates/qwen.js';
import { realTokenizer } from '../extras/tokenizers.js';
import type { RealTokenizer } from '../extras/tokenizers.js';

interface Fixture {
  readonly reference: string;
  readonly conversations: Record<string, { train: number[]; prompt: number[] }>;
  readonly texts: number[][];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/templates/${name}.json`, import.meta.url), 'utf8'));
const source = read('conversations') as { conversations: Record<string, StandardRow>; texts: string[] };
const chats = Object.entries(source.conversations).filter(([name]) => name !== 'tools');

function ids(template: Template, row: StandardRow, tokenizer: Tokenizer): readonly number[] {
  const result = template.encode(row, tokenizer);
  if (result.kind !== 'sample') throw new Error(result.reason);
  return result.sample.input_ids;
}

/** What a template leaves out of the reference: the line break or the prompt that follows the last stop token. */
const afterLastStop = (all: number[], ours: readonly number[]): number[] => all.slice(ours.length);

describe.each(['qwen3', 'llama3', 'llama3_1'] as const)('tokenizer of %s', (name) => {
  const fixture = read(name) as Fixture;
  let tokenizer: Tokenizer;
  let jinja: Template;
  beforeAll(async () => {
    tokenizer = await realTokenizer(name);
    jinja = await createJinjaTemplate(tokenizer);
  });

  test('plain texts have the ids of transformers', () => {
    expect(source.texts.map((text) => tokenizer.encode(text))).toEqual(fixture.texts);
  });

  test.runIf(name.startsWith('llama3'))('a template without tools refuses them', () => {
    const { tools, messages } = source.conversations.tools;
    expect(() => jinja.encode({ tools, messages }, tokenizer)).toThrow(/does not say tool definitions/);
    expect(() => jinja.encode({ messages }, tokenizer)).toThrow(/leaves out the call of weather/);
  });

  test.each(Object.keys(source.conversations).filter((key) => key !== 'tools' || name === 'qwen3'))(
    "%s: the model's own chat template has the ids of transformers",
    (key) => {
      const row = source.conversations[key];
      const ours = ids(jinja, row, tokenizer);
      const { train, prompt } = fixture.conversations[key];
      expect(ours).toEqual(train.slice(0, ours.length));
      expect(tokenizer.decode(afterLastStop(train, ours))).toMatch(
        /^(\n|<\|start_header_id\|>assistant<\|end_header_id\|>\n\n)?$/,
      );
      if (row.tools === undefined) expect(jinja.prompt(row.messages.slice(0, -1), tokenizer)).toEqual(prompt);
    },
  );
});

describe.each<[RealTokenizer, SpecTemplate]>([
  ['llama3', new Llama3()],
  ['llama3_1', new Llama3()],
])('%s as data', (name, template) => {
  const fixture = read(name) as Fixture;
  test.each(chats)('%s: ids equal transformers', async (key, row) => {
    const tokenizer = await realTokenizer(name);
    const { train, prompt } = fixture.conversations[key];
    const ours = ids(template, row, tokenizer);
    expect(ours).toEqual(train.slice(0, ours.length));
    expect(tokenizer.decode(afterLastStop(train, ours))).toMatch(
      /^(<\|start_header_id\|>assistant<\|end_header_id\|>\n\n)?$/,
    );
    expect(template.prompt(row.messages.slice(0, -1), tokenizer)).toEqual(prompt);
    expect(await chatTemplateDifference(template, tokenizer)).toBeUndefined();
  });
});

test('Qwen3 with tools: calls and answers are learned, definitions and results are not', async () => {
  const tokenizer = await realTokenizer('qwen3');
  const result = (await createJinjaTemplate(tokenizer)).encode(source.conversations.tools, tokenizer);
  if (result.kind !== 'sample') throw new Error(result.reason);
  expect(tokenizer.decode(result.sample.labels.filter((label) => label >= 0))).toBe(
    '<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call><|im_end|>' +
      '<think>\n\n</think>\n\nIt is 18 degrees and sunny in Paris.<|im_end|>',
  );
});

describe('formats whose chat template no npm package carries, against the text their vendors document', () => {
  const chatmlText = (messages: readonly Message[], system?: string): string =>
    [
      ...(messages[0].role === 'system' || system === undefined ? [] : [{ role: 'system', content: system }]),
      ...messages,
    ]
      .map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
      .join('');

  test.each(chats)('chatml and qwen: %s', async (_, { messages }) => {
    const tokenizer = await realTokenizer('qwen3');
    for (const [template, system] of [
      [new Chatml(), undefined],
      [new Qwen(), 'You are a helpful assistant.'],
    ] as const) {
      const expected = tokenizer.encode(chatmlText(messages, system));
      const ours = ids(template, { messages }, tokenizer);
      expect(ours).toEqual(expected.slice(0, -1));
      expect(tokenizer.decode(expected.slice(-1))).toBe('\n');
      const prompt = chatmlText(messages.slice(0, -1), system) + '<|im_start|>assistant\n';
      expect(template.prompt(messages.slice(0, -1), tokenizer)).toEqual(tokenizer.encode(prompt));
    }
  });

  test.each(chats)('llama: %s', async (_, { messages }) => {
    const tokenizer = await realTokenizer('llama2');
    const [first, ...rest] = messages;
    const system = first.role === 'system' ? `<<SYS>>\n${first.content}\n<</SYS>>\n\n` : '';
    const text = (first.role === 'system' ? rest : messages)
      .map(({ role, content }, i) =>
        role === 'user'
          ? `<s>[INST] ${i === 0 ? system : ''}${content.trim()} [/INST]`
          : ` ${content.trim()} </s>`,
      )
      .join('');
    const result = new Llama().encode({ messages }, tokenizer, { system: '' });
    expect(result).toMatchObject({ sample: { input_ids: tokenizer.encode(text) } });
  });

  test('llama3_2 states the dates with and without a system prompt', async () => {
    const tokenizer = await realTokenizer('llama3_1');
    const user = { role: 'user', content: 'Hi' } as const;
    const start = '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n';
    const dates = 'Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n';
    const turn =
      '<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n';
    const template = new Llama3_2();
    expect(tokenizer.decode(template.prompt([user], tokenizer))).toBe(`${start}${dates}<|eot_id|>${turn}`);
    expect(
      tokenizer.decode(template.prompt([{ role: 'system', content: ' Be brief. ' }, user], tokenizer)),
    ).toBe(`${start}${dates}Be brief.<|eot_id|>${turn}`);
  });
});
