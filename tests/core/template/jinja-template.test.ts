import { expect, test } from 'vitest';
import { IGNORE_INDEX } from '../../../core/contracts/template.js';
import type { Message, StandardRow } from '../../../core/contracts/row.js';
import {
  JinjaTemplate,
  SpecTemplate,
  chatTemplateDifference,
  createJinjaTemplate,
  saysTheSame,
} from '../../../core/template/index.js';
import type { ChatRenderer } from '../../../core/template/index.js';
import { Chatml } from '../../../plugins/templates/chatml.js';
import { Qwen } from '../../../plugins/templates/qwen.js';
import { tinyTokenizer } from '../../extras/tokenizers.js';

const tokenizer = await tinyTokenizer();
const jinja = await createJinjaTemplate(tokenizer);

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string, loss?: boolean): Message => ({ role: 'assistant', content, loss });

function learned(template: typeof jinja, row: StandardRow): string {
  const result = template.encode(row, tokenizer);
  if (result.kind !== 'sample') throw new Error(result.reason);
  return tokenizer.decode(result.sample.labels.filter((label) => label !== IGNORE_INDEX));
}

test('each answer is learned with its stop token', () => {
  const messages = [
    user('q'),
    assistant('a1'),
    user('q'),
    assistant('no', false),
    user('q'),
    assistant('a3'),
  ];
  expect(learned(jinja, { messages })).toBe('a1<|im_end|>a3<|im_end|>');
});

test('tool calls are learned, tool results are not', () => {
  const call = { function: { name: 'f', arguments: '{"x": 1}' } };
  const messages: Message[] = [
    user('q'),
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: 'secret' },
    assistant('done'),
  ];
  const text = learned(jinja, { messages });
  expect(text).toContain('{"x": 1}');
  expect(text).not.toContain('secret');
  expect(text).toMatch(/<tool><\|im_end\|>done<\|im_end\|>$/);
});

test('a template that rewrites earlier answers still has its answers found', () => {
  const render: ChatRenderer = ({ messages, add_generation_prompt }) => {
    const list = messages as Message[];
    const last = list.findLastIndex(({ role }) => role === 'user');
    return (
      list
        .map(({ role, content }, i) =>
          role === 'assistant'
            ? `A:${i < last ? content.replace(/^.*<\/think>/, '') : content}</s>`
            : `Q:${content}\n`,
        )
        .join('') + (add_generation_prompt ? 'A:' : '')
    );
  };
  const messages = [user('q1'), assistant('<think>x</think>a1'), user('q2'), assistant('<think>y</think>a2')];
  expect(learned(new JinjaTemplate(render), { messages })).toBe('a1</s><think>y</think>a2</s>');
});

test('a prompt ends where the answer begins, and --system comes first', () => {
  expect(tokenizer.decode(jinja.prompt([user('q')], tokenizer, { system: 's' }))).toBe(
    '<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n',
  );
});

test('a text row has no chat format around it', () => {
  expect(learned(jinja, { messages: [assistant('plain text')] })).toBe('<s>plain text</s>');
});

test('errors carry the reason of the template and a cure', async () => {
  const refusing = new JinjaTemplate(() => {
    throw new Error('roles must alternate');
  });
  expect(() => refusing.encode({ messages: [user('q'), assistant('a')] }, tokenizer)).toThrow(
    /roles must alternate/,
  );
  await expect(createJinjaTemplate({ ...tokenizer, chat_template: undefined })).rejects.toMatchObject({
    code: 'BAD_TEMPLATE',
  });
  await expect(createJinjaTemplate({ ...tokenizer, chat_template: '{% if %}' })).rejects.toMatchObject({
    code: 'BAD_TEMPLATE',
  });
});

test("what becomes of thoughts is the own template's to decide", () => {
  expect(() =>
    jinja.encode({ messages: [user('q'), assistant('a')] }, tokenizer, { thinking: 'keep' }),
  ).toThrow(/--thinking keep: the checkpoint's own chat template decides/);
});

test("a template stands for the checkpoint's own only if it says thoughts as that does", async () => {
  const own = (said: string) => ({
    ...tokenizer,
    encode: tokenizer.encode.bind(tokenizer),
    decode: tokenizer.decode.bind(tokenizer),
    idToToken: tokenizer.idToToken.bind(tokenizer),
    chat_template:
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}" +
      `${said}{{ m.content + '<|im_end|>\n' }}{% endfor %}` +
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
  });
  class Plain extends SpecTemplate {
    readonly spec = { ...new Chatml().spec, auto_add_bos: false };
  }
  expect(await saysTheSame(new Plain(), own(''))).toBe(true);
  expect(await saysTheSame(new Plain(), own('{{ m.reasoning_content }}'))).toBe(false);
});

test('a difference between a template and the chat template of the checkpoint is told', async () => {
  class Same extends SpecTemplate {
    readonly spec = { ...new Chatml().spec, auto_add_bos: false };
  }
  expect(await chatTemplateDifference(new Same(), tokenizer)).toBeUndefined();
  expect(await chatTemplateDifference(new Chatml(), tokenizer)).toMatchObject({
    ours: expect.stringMatching(/^s>/),
  });
  expect(await chatTemplateDifference(new Qwen(), tokenizer)).toEqual({
    what: 'conversation',
    after: '<|im_start|>',
    ours: expect.stringMatching(/^system\nYou are a helpful assistant\./) as string,
    own: expect.stringMatching(/^user\nFirst question/) as string,
  });
});
