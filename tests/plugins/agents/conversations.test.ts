import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RawRow, StandardRow } from '../../../core/contracts/row.js';
import { toStandardRow } from '../../../core/data/preprocess/to-standard-row.js';
import { resolveTemplate } from '../../../core/model/resolve-template.js';
import { services } from '../../../core/sdk/default-services.js';
import { spellingTokenizer } from '../../extras/spelling-tokenizer.js';

interface Fixture {
  readonly tools: Readonly<Record<string, readonly unknown[]>>;
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
  readonly templates: Readonly<
    Record<
      string,
      {
        readonly template: string;
        readonly agent: string;
        readonly rows: Readonly<Record<string, readonly string[]>>;
      }
    >
  >;
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/agents/agents.json', import.meta.url), 'utf8'),
) as Fixture;
const { plugins } = services();
const tools = [...fixture.tools.one, ...fixture.tools['without arguments']];

const tokenizer = { ...spellingTokenizer, addsBos: false };

/**
 * A text with marks around what is learned. Of line breaks beside an answer it is not told whose they are: here the model writes
 * one that its vendor's template has in the answer, and none behind its stop.
 */
function marked(pieces: readonly (readonly [text: string, learned: boolean])[]): string {
  return pieces
    .map(([text, learned]) => (learned ? `⟦${text}⟧` : text))
    .join('')
    .replaceAll('⟦\n', '\n⟦')
    .replaceAll('\n⟧', '⟧\n')
    .trimEnd();
}

function row(messages: readonly unknown[]): StandardRow {
  return toStandardRow({ messages, tools } as RawRow)!;
}

describe.each(Object.entries(fixture.templates))('%s', (name, { template: id, agent, rows }) => {
  test.each(Object.entries(rows))(
    '%s: the text of SWIFT, and what is learned of it',
    async (kind, wanted) => {
      const { template } = await resolveTemplate(plugins, id, agent);
      const result = template.encode(row(fixture.rows[kind]), tokenizer, { thinking: 'keep' });
      if (result.kind !== 'sample') throw new Error(result.reason);
      const { input_ids, labels } = result.sample;
      const pieces: [string, boolean][] = [];
      input_ids.forEach((one, i) => {
        const learned = labels[i] >= 0;
        if (pieces.at(-1)?.[1] !== learned) pieces.push(['', learned]);
        pieces.at(-1)![0] += tokenizer.decode([one]);
      });
      const theirs = marked(wanted.map((text, i) => [text, i % 2 === 1]));
      const change = DIFFERENT[name] ?? (agent === 'hermes' ? bare : undefined);
      expect(marked(pieces)).toBe(change === undefined ? theirs : change(theirs));
    },
  );
});

/** Without a system prompt the models' own template begins with the definitions. */
const bare = (text: string): string => text.replace('system\n\n\n# Tools', 'system\n# Tools');

const DIFFERENT: Readonly<Record<string, (text: string) => string>> = {
  // A name follows the role at once, as in GLM-4, which it is.
  'codegeex4 chatglm4': (text) =>
    text
      .replaceAll('<|assistant|>\n⟦weather', '<|assistant|>⟦weather')
      .replaceAll('<|assistant|>\n⟦now', '<|assistant|>⟦now'),
  // A line break stands before each call, as in the vendor's template.
  'glm4_5 glm4_5': (text) => text.replaceAll('<|assistant|>⟦<tool_call>', '<|assistant|>\n⟦<tool_call>'),
  // Its system prompt is the vendor's, with a word that stands there twice.
  'marco_o1 hermes': (text) => text.replace('另一个是数学', '另一个是是数学'),
};

test('templates have the formats that SWIFT gives them', async () => {
  for (const { template: id, agent } of Object.values(fixture.templates).slice(0, -4)) {
    const { template } = await resolveTemplate(plugins, id);
    const { instance } = await plugins.resolve('agent', agent);
    expect(template.agent?.constructor, id).toBe(instance.constructor);
  }
});
