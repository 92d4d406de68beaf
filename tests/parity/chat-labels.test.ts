/** What is learned of a conversation in vendors' own chat templates, against the marks that TRL puts around it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../core/contracts/row.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';
import { createJinjaTemplate } from '../../core/template/index.js';
import { characterTokenizer } from '../extras/character-tokenizer.js';
import { learnedTexts } from '../extras/learned-texts.js';
import { allTemplates } from '../plugins/templates/all-templates.js';
import { realTokenizer, type RealTokenizer } from '../extras/tokenizers.js';

interface Row {
  /** What is learned of each answer. */
  readonly learned?: readonly string[];
  /** What the template leaves out of the row instead. */
  readonly unsaid?: string;
  /** The template leaves out definitions of tools; the rest of this entry is about the row without them. */
  readonly tools_unsaid?: true;
}

interface Fixture {
  readonly special: Readonly<Record<string, string>>;
  readonly tools: readonly unknown[];
  readonly rows: Readonly<Record<string, readonly Message[]>>;
  readonly templates: Readonly<
    Record<
      string,
      { readonly source?: string; readonly stops: string[]; readonly rows: Readonly<Record<string, Row>> }
    >
  >;
}

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/templates/labels.json', import.meta.url), 'utf8'),
) as Fixture;

async function tokenizerOf(name: string): Promise<Tokenizer> {
  const { source, stops } = fixture.templates[name];
  const chat_template = source ?? (await realTokenizer(name as RealTokenizer)).chat_template;
  return characterTokenizer({ specialTokens: fixture.special, stops, chat_template });
}

describe.each(Object.keys(fixture.templates))('%s', (name) => {
  test.each(Object.keys(fixture.rows))('%s', async (key) => {
    const tokenizer = await tokenizerOf(name);
    const template = await createJinjaTemplate(tokenizer);
    const messages = fixture.rows[key];
    const { learned, unsaid, tools_unsaid } = fixture.templates[name].rows[key];
    const all = messages.some(({ tool_calls }) => tool_calls) ? fixture.tools : undefined;
    if (tools_unsaid) {
      expect(() => template.encode({ messages, tools: all }, tokenizer)).toThrow(
        /does not say tool definitions/,
      );
    }
    const encode = () => template.encode({ messages, tools: tools_unsaid ? undefined : all }, tokenizer);
    if (learned === undefined) expect(encode).toThrow(unsaid);
    else expect(learnedTexts(encode(), tokenizer)).toEqual(learned);
  });
});

const piece = fc.constantFrom(
  '\n',
  ' ',
  'a',
  'Hello',
  '<b>',
  '</s>',
  '<|end|>',
  '[INST]',
  '{{ x }}',
  '"',
  '\\n',
  '🙂',
  'é',
);
const content = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

describe.each(Object.keys(fixture.templates))('%s', (name) => {
  test('whatever is said, answers are learned whole and nothing of users is', async () => {
    const tokenizer = await tokenizerOf(name);
    const template = await createJinjaTemplate(tokenizer);
    const turns = fc.array(fc.tuple(content, content), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(turns, (said) => {
        const messages = said.flatMap(([query, text]): Message[] => [
          { role: 'user', content: `asked${query}asked` },
          { role: 'assistant', content: text },
        ]);
        const pieces = learnedTexts(template.encode({ messages }, tokenizer), tokenizer);
        expect(pieces).toHaveLength(said.length);
        pieces.forEach((each, i) => {
          expect(each).toContain(said[i][1].trim());
          expect(each).not.toContain('asked');
        });
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

/** GLM's ends the last answer with its stop, where the vendor's template writes none. */
test.each([
  ['qwen3', 'qwen3', ''],
  ['gpt_oss', 'gptoss', ''],
  ['glm4_5', 'glm4moe', '<|user|>'],
])('registered %s says thoughts apart as the template of %s', async (id, name, stop) => {
  const template = (await allTemplates()).get(id)!;
  const tokenizer = await tokenizerOf(name);
  const { learned } = fixture.templates[name].rows['thoughts apart'];
  const result = template.encode({ messages: fixture.rows['thoughts apart'] }, tokenizer);
  expect(learnedTexts(result, tokenizer).at(-1)).toBe(learned!.at(-1)! + stop);
});

test('most rows are compared, and the others are refused', () => {
  const rows = Object.values(fixture.templates).flatMap((template) => Object.values(template.rows));
  expect(rows.filter(({ learned }) => learned !== undefined).length).toBeGreaterThan(rows.length * 0.7);
});
