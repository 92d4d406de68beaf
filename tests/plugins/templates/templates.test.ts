import { describe, expect, test } from 'vitest';
import { IGNORE_INDEX } from 'swift-ts/plugin';
import type { Message } from 'swift-ts/plugin';
import { tinyTokenizer } from '../../extras/tokenizers.js';
import { allTemplates, templateIds } from './all-templates.js';

const tokenizer = await tinyTokenizer();
const templates = [...(await allTemplates())].map(([id, template]) => ({ id, template }));

test('each file registers the template it is named after', () => {
  expect(templates.map(({ id }) => id)).toEqual(expect.arrayContaining([...templateIds]));
});

describe.each(templates)('$id', ({ template }) => {
  const { spec } = template;
  const messages: Message[] = [{ role: 'user', content: 'QUERY' }];
  if (spec.chat_sep !== null) {
    messages.push({ role: 'assistant', content: 'EARLIER' }, { role: 'user', content: 'QUERY' });
  }
  messages.push({ role: 'assistant', content: 'ANSWER' });
  if (spec.system_prefix !== null) messages.unshift({ role: 'system', content: 'SYSTEM' });

  const result = template.encode({ messages }, tokenizer);
  if (result.kind !== 'sample') throw new Error(result.reason);
  const { input_ids, labels } = result.sample;
  const learned = tokenizer.decode(labels.filter((label) => label !== IGNORE_INDEX));

  // A pair of texts may end in nothing.
  test.skipIf(spec.suffix.length === 0)('the end of the answer is learned, and ends generation', () => {
    const last = labels.at(-1)!;
    const stops = template.stopIds(tokenizer);
    const byWord = template.stopWords.some((word) => learned.endsWith(word));
    expect(stops.includes(last) || byWord).toBe(true);
    expect(last).toBe(input_ids.at(-1));
  });

  test('all answers and no prompt are learned', () => {
    expect(learned).toContain('ANSWER');
    expect(learned.includes('EARLIER')).toBe(spec.chat_sep !== null);
    expect(learned).not.toMatch(/QUERY|SYSTEM/);
  });

  test('an earlier answer ends as the last one does, where the separator holds the stop', () => {
    const expand = (pieces: readonly unknown[]) =>
      pieces.map((piece) => (typeof piece === 'string' ? piece : '</s>')).join('');
    const stop = expand(spec.suffix);
    if (spec.chat_sep === null || !expand(spec.chat_sep).startsWith(stop)) return;
    expect(learned).toContain(`EARLIER${stop}`);
  });

  test('nothing of the grammar is left in the text', () => {
    expect(tokenizer.decode(input_ids)).not.toMatch(/\{\{|\}\}/);
  });
});
