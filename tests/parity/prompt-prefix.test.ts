/** What is learned goes on from the very ids that the model is asked with: over all templates and real tokenizers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../core/contracts/row.js';
import type { Template } from '../../core/contracts/template.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';
import { isSwiftError } from '../../core/errors.js';
import { createJinjaTemplate, SpecTemplate } from '../../core/template/index.js';
import { realTokenizer, tinyTokenizer, type RealTokenizer } from '../extras/tokenizers.js';
import { allTemplates } from '../plugins/templates/all-templates.js';

/** Templates that say the same are one. */
const templates = new Map(
  [...(await allTemplates()).values()].map((template) => [JSON.stringify(template.spec), template]),
);
const NAMES: readonly RealTokenizer[] = ['qwen3', 'llama3', 'llama3_1', 'llama2', 'gemma3', 'deepseek_v3'];
const tokenizers: Readonly<Record<string, Tokenizer>> = {
  tiny: await tinyTokenizer(),
  ...Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await realTokenizer(name)]))),
};

/** Texts that like to join what stands before them. */
const text = fc
  .array(
    fc.constantFrom(
      '\n',
      '\n\n',
      ' ',
      '\t',
      ':',
      '>',
      'a',
      'Hello',
      ' world',
      '12',
      '.',
      'é',
      '東京',
      '🙂',
      '<',
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));

/** An answer that goes on where the template's prompt ends. */
function opened(template: Template, answer: string): string {
  const { generation_prefix: opening = '' } = template instanceof SpecTemplate ? template.spec : {};
  const closing = /<think[^>]*>\n?$/.test(opening) ? '</think>x' : '';
  return opening + answer + closing;
}

/** How many of some conversations could be compared; a template may refuse one, or have one turn only. */
function compare(template: Template, tokenizer: Tokenizer, seed: number, numRuns: number): number {
  let compared = 0;
  const maxLength = template instanceof SpecTemplate && template.spec.chat_sep === null ? 1 : 3;
  const property = fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength }), (turns) => {
    const messages = turns.flatMap(([query, answer], i): Message[] => [
      { role: 'user', content: query },
      { role: 'assistant', content: i === turns.length - 1 ? opened(template, answer) : answer },
    ]);
    try {
      const result = template.encode({ messages }, tokenizer);
      if (result.kind !== 'sample') return;
      const prompt = template.prompt(messages.slice(0, -1), tokenizer);
      expect(result.sample.input_ids.slice(0, prompt.length)).toEqual(prompt);
      compared++;
    } catch (error) {
      if (!isSwiftError(error)) throw error;
    }
  });
  fc.assert(property, { numRuns, seed });
  return compared;
}

describe.each(Object.keys(tokenizers))('%s', (name) => {
  // One that marks steps for a judge has no answer to go on with.
  const writing = [...templates.values()].filter(
    (template) => !(template instanceof SpecTemplate && template.spec.step_mark !== undefined),
  );
  test.each(writing.map((template) => [template.constructor.name, template] as const))(
    '%s: a sample begins with the ids of its prompt',
    (_, template) => {
      expect(compare(template, tokenizers[name], 1, 8)).toBeGreaterThan(0);
    },
  );

  test.runIf(tokenizers[name].chat_template !== undefined)(
    'its own chat template: a sample begins with the ids of its prompt',
    async () => {
      const own = await createJinjaTemplate(tokenizers[name]);
      expect(compare(own, tokenizers[name], 2, 40)).toBeGreaterThan(20);
    },
  );
});
