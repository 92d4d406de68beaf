import { describe, expect, test } from 'vitest';
import type { Tokenizer } from '../../../core/contracts/tokenizer.js';
import { chooseTemplate } from '../../../core/model/choose-template.js';
import { services } from '../../../core/sdk/index.js';
import { spellingTokenizer } from '../../extras/spelling-tokenizer.js';

const CHATML =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const plugins = services().plugins;

async function choose(chat_template: string | undefined, wishes: { wanted?: string; family?: string } = {}) {
  const said: string[] = [];
  const log = { info: (line: string) => said.push(line), warn: (line: string) => said.push(`! ${line}`) };
  const tokenizer: Tokenizer = { ...spellingTokenizer, addsBos: false, chat_template };
  const { templateId } = await chooseTemplate({ family: 'default', ...wishes }, tokenizer, { plugins, log });
  return { templateId, said };
}

describe('a model known only by its files', () => {
  test('gets the registered template that says what its own says', async () => {
    expect(await choose(CHATML)).toEqual({ templateId: 'chatml', said: [] });
  });

  test("gets its family's where several do", async () => {
    expect(await choose(CHATML, { family: 'qwen3_nothinking' })).toEqual({
      templateId: 'qwen3_nothinking',
      said: [],
    });
  });

  test('gets its own where none does, which is said', async () => {
    const { templateId, said } = await choose(CHATML.replaceAll('im_', 'my_'));
    expect(templateId).toBe('chat_template');
    expect(said).toEqual([expect.stringContaining("the checkpoint's own chat template")]);
  });

  test('gets its own where it says tools and the registered one says them otherwise', async () => {
    const tools = "{% if tools %}{{ 'Tools: ' + tools | tojson }}{% endif %}";
    expect((await choose(tools + CHATML, { family: 'qwen3_nothinking' })).templateId).toBe('chat_template');
  });

  test("gets its family's where it has none of its own", async () => {
    expect(await choose(undefined, { family: 'zephyr' })).toEqual({ templateId: 'zephyr', said: [] });
  });
});

test('a template that is named is used; where it says something else than the model, that is told', async () => {
  expect(await choose(CHATML, { wanted: 'chatml' })).toEqual({ templateId: 'chatml', said: [] });
  expect(await choose(CHATML, { wanted: 'chat_template' })).toEqual({
    templateId: 'chat_template',
    said: [],
  });
  const { templateId, said } = await choose(CHATML, { wanted: 'zephyr' });
  expect(templateId).toBe('zephyr');
  expect(said.join()).toMatch(
    /^! template zephyr differs from the model's own: in a conversation, after "<\|" it says "user\|>.*the model's own "im_start/,
  );
});
