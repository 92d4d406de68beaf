import { describe, expect, test } from 'vitest';
import type { Message, StandardRow } from '../../core/contracts/row.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';
import { agentOfTemplate } from '../../core/model/resolve-template.js';
import {
  chatTemplateDifference,
  createJinjaTemplate,
  covers,
  ownFingerprints,
} from '../../core/template/index.js';
import { Catalog } from '../../core/registry/catalog.js';
import { plugins } from '../../parity/cases.js';
import { realTokenizer, type RealTokenizer } from '../extras/tokenizers.js';
import { allTemplates } from '../plugins/templates/all-templates.js';

const templates = await allTemplates();
templates.get('qwen3')!.agent = await agentOfTemplate(plugins(), 'qwen3');

const THOUGHT = '<think>\nLet me see.\n</think>\n\n';
const TOOLS = ['weather', 'time'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `The ${name} of a city`,
    parameters: { type: 'object', properties: { city: { type: 'string', maxLength: 1.5 } } },
  },
}));
const call = (name: string) => ({
  type: 'function' as const,
  function: { name, arguments: { city: '東京 "x"', days: [1, 2] } },
});

/** A grid: turns, system prompt or not, thoughts or not. */
const chats: Record<string, StandardRow> = {};
for (const turns of [1, 2, 3]) {
  for (const system of [undefined, 'Be brief.\nBe kind.']) {
    for (const thought of ['', THOUGHT]) {
      const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: system }];
      for (let i = 1; i <= turns; i++) {
        messages.push({ role: 'user', content: `Question ${i}, 你好 🙂?` });
        messages.push({ role: 'assistant', content: `${thought}Answer ${i}:\n\n- one\n- two` });
      }
      chats[`${turns} turns, ${system ? 'system' : 'no system'}, ${thought ? 'thoughts' : 'no thoughts'}`] = {
        messages,
      };
    }
  }
}

const withTools: Record<string, StandardRow> = Object.fromEntries(
  [true, false].flatMap((system) =>
    ['', 'Let me look.'].map((content) => [
      `${system ? 'system' : 'no system'}, ${content === '' ? 'calls alone' : 'calls after text'}`,
      {
        tools: TOOLS,
        messages: [
          ...(system ? [{ role: 'system' as const, content: 'Be brief.' }] : []),
          { role: 'user', content: 'Weather and time?' },
          { role: 'assistant', content, tool_calls: [call('weather'), call('time')] },
          { role: 'tool', content: '18 degrees' },
          { role: 'tool', content: 'noon' },
          { role: 'assistant', content: 'Mild at noon.' },
          { role: 'user', content: 'And tomorrow?' },
          { role: 'assistant', content: '', tool_calls: [call('weather')] },
          { role: 'tool', content: '20 degrees' },
          { role: 'assistant', content: 'Warmer.' },
        ],
      } satisfies StandardRow,
    ]),
  ),
);

async function compare(id: string, tokenizer: Tokenizer, row: StandardRow): Promise<void> {
  const own = await createJinjaTemplate(tokenizer);
  const template = templates.get(id)!;
  const [mine, theirs] = [template, own].map((each) => {
    const result = each.encode(row, tokenizer);
    return result.kind === 'sample' ? result.sample : undefined;
  });
  expect(mine?.input_ids).toEqual(theirs?.input_ids);
  expect(mine?.labels).toEqual(theirs?.labels);
  const asked = row.messages.slice(0, -1);
  const options = { tools: row.tools };
  expect(template.prompt(asked, tokenizer, options)).toEqual(own.prompt(asked, tokenizer, options));
}

describe.each<[RealTokenizer, string]>([
  ['qwen3', 'qwen3'],
  ['llama3', 'llama3'],
  ['llama3_1', 'llama3'],
  ['deepseek_v3', 'deepseek_v2_5'],
  ['gemma3', 'gemma3_text'],
])("the chat template of npm's %s tokenizer is %s", (name, id) => {
  test.each(Object.keys(chats))('%s: ids and labels', async (key) => {
    await compare(id, await realTokenizer(name), chats[key]);
  });

  test('and is found by its fingerprint', async () => {
    const tokenizer = await realTokenizer(name);
    const own = await ownFingerprints(tokenizer);
    const found = new Catalog([...Catalog.discover().sources])
      .list('template')
      .filter(({ fingerprint }) => fingerprint && own.some((one) => covers(fingerprint, one)));
    expect(found.map((entry) => entry.id)).toContain(id);
    expect(await chatTemplateDifference(templates.get(id)!, tokenizer)).toBeUndefined();
  });
});

test.each<[string, Partial<Message>]>([
  ['a thought apart, then a call', { reasoning_content: 'Let me see.\n' }],
  ['a thought in the text, then a call', { content: THOUGHT }],
  ['a thought that ends abruptly, then a call', { content: '<think>\nLet me see.\n</think>' }],
  ['a thought, text and a call', { content: `${THOUGHT}Let me look.` }],
  ['a thought apart, text and a call', { content: 'Let me look.', reasoning_content: 'Let me see.' }],
  ['no thought, then a call', {}],
])('Qwen3, %s: ids and labels', async (_, answer) => {
  const calling: Message = { role: 'assistant', content: '', tool_calls: [call('weather')], ...answer };
  const question: Message = { role: 'user', content: 'Weather?' };
  const rest: Message[] = [
    { role: 'tool', content: '18 degrees' },
    { role: 'assistant', content: 'Mild.', reasoning_content: 'It is 18.' },
  ];
  const tokenizer = await realTokenizer('qwen3');
  await compare('qwen3', tokenizer, { tools: TOOLS, messages: [question, calling] });
  await compare('qwen3', tokenizer, { tools: TOOLS, messages: [question, calling, ...rest] });
});

test.each(Object.keys(withTools))('Qwen3 with tools, %s: ids and labels', async (key) => {
  await compare('qwen3', await realTokenizer('qwen3'), withTools[key]);
});
