import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { StandardRow } from '../../core/contracts/row.js';
import type { Thinking } from '../../core/contracts/template.js';
import { isSwiftError } from '../../core/errors.js';
import type { SpecTemplate } from '../../core/template/index.js';
import { spellingTokenizer } from '../extras/spelling-tokenizer.js';
import { allTemplates } from '../plugins/templates/all-templates.js';
import { DEPARTURES } from './swift-departures.js';

/** What SWIFT renders; scripts/fixtures/swift_templates.py wrote it and says how to read it. */
interface Fixture {
  readonly templates: Record<string, Renderings>;
}
interface Renderings {
  /** By what becomes of thoughts, then by conversation: texts that are not learned and learned, in turn. */
  readonly train: Partial<Record<Thinking, (readonly string[] | null)[]>>;
  /** Texts that end generation. */
  readonly stop: readonly string[];
  readonly prompt: Partial<Record<'default' | 'thinking', (string | null)[]>>;
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/templates/${name}.json`, import.meta.url), 'utf8')) as T;
const { templates: fixtures } = read<Fixture>('swift');
const { conversations } = read<{ conversations: StandardRow[] }>('swift-conversations');
const templates = await allTemplates();

/** Which characters of a text are learned. */
interface Marked {
  readonly text: string;
  readonly learned: readonly boolean[];
}

function marked(parts: readonly string[]): Marked {
  return {
    text: parts.join(''),
    learned: parts.flatMap((part, i) => Array<boolean>(part.length).fill(i % 2 === 1)),
  };
}

function ours(template: SpecTemplate, row: StandardRow, thinking: Thinking): Marked | undefined {
  const result = unlessRefused(() => template.encode(row, spellingTokenizer, { thinking }));
  if (result?.kind !== 'sample') return undefined;
  const { input_ids, labels } = result.sample;
  const texts = input_ids.map((id) => spellingTokenizer.decode([id]));
  return {
    text: texts.join(''),
    learned: texts.flatMap((text, i) => Array<boolean>(text.length).fill(labels[i] >= 0)),
  };
}

/** Undefined where a template refuses. */
function unlessRefused<T>(render: () => T): T | undefined {
  try {
    return render();
  } catch (error) {
    if (isSwiftError(error)) return undefined;
    throw error;
  }
}

/** The text a turn ends with. */
const stopOf = ({ spec }: SpecTemplate): string =>
  spec.suffix.map((piece) => (typeof piece === 'string' ? piece : '<eos>')).join('');

/**
 * SWIFT's marks by our rules: the line break that SWIFT 3 and later put after the last stop is left out, one after an
 * earlier stop is not learned, and the stop after every answer is, which SWIFT 2 leaves out.
 */
function byOurRules({ text, learned }: Marked, stop: string): Marked {
  const marks = [...learned];
  for (let at = text.indexOf(stop); at >= 0; at = text.indexOf(stop, at + stop.length)) {
    const end = at + stop.length;
    if (at > 0 && marks[at - 1]) marks.fill(true, at, end);
    for (let i = end; marks[at] && marks[i] && text[i] === '\n'; i++) marks[i] = false;
  }
  let length = text.length;
  while (
    text.endsWith('\n', length) &&
    text.slice(0, length).trimEnd().endsWith(stop) &&
    !stop.endsWith('\n')
  )
    length--;
  return { text: text.slice(0, length), learned: marks.slice(0, length) };
}

/** Ids and modes of which every conversation is a departure or is refused by one side. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  ...['ernie_thinking keep', 'ernie_thinking strip', 'gpt_oss keep', 'seed_oss keep'],
  ...['qwen3_reranker keep', 'qwen3_reranker strip', 'qwen3_reranker add-empty'],
]);

describe.each(Object.entries(fixtures))('%s', (id, { train, prompt, stop }) => {
  const template = templates.get(id)!;
  const { parts: said = (parts: readonly string[]) => parts, skip } = DEPARTURES[id] ?? {};

  test.each(Object.entries(train))(
    '%s: text and learned stretches are those of SWIFT',
    (mode, renderings) => {
      let compared = 0;
      renderings.forEach((parts, i) => {
        const mine = ours(template, conversations[i], mode as Thinking);
        if (parts === null || mine === undefined || skip?.(mode, conversations[i])) return;
        const theirs = byOurRules(marked(said(parts)), stopOf(template));
        expect(show(mine)).toBe(show(theirs));
        compared++;
      });
      expect(compared > 0).toBe(!NOT_COMPARED.has(`${id} ${mode}`));
    },
  );

  test('all that stops SWIFT stops generation', () => {
    // The EOS token of a checkpoint always does.
    const stops = [...template.stopWords, '<eos>'];
    expect(stops).toEqual(expect.arrayContaining(stop.map((word) => said(['', word])[1].trim())));
  });

  test('a prompt is that of SWIFT, with or without thinking', () => {
    conversations.forEach((row, i) => {
      const theirs = Object.values(prompt).flatMap((texts) => {
        const text = texts[i];
        return text == null || skip?.('prompt', row) ? [] : [said([text])[0]];
      });
      const mine = unlessRefused(() =>
        template.prompt(row.messages.slice(0, -1), spellingTokenizer, { tools: row.tools }),
      );
      if (theirs.length > 0 && mine !== undefined) expect(theirs).toContain(spellingTokenizer.decode(mine));
    });
  });
});

/** A text with bars where what is learned begins and ends. */
const show = ({ text, learned }: Marked): string =>
  Array.from(
    { length: text.length },
    (_, i) => `${learned[i] !== learned[i - 1] && (learned[i] || i > 0) ? '|' : ''}${text[i]}`,
  ).join('');
