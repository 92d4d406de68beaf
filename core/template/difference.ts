import type { Message } from '../contracts/row.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { createJinjaTemplate } from './jinja-template.js';

/** Where a template and the checkpoint's own chat template part. */
export interface TemplateDifference {
  readonly what: 'conversation' | 'prompt';
  /** What both say before they part, at most its last 60 characters. */
  readonly after: string;
  /** How each goes on, at most 60 characters. */
  readonly ours: string;
  readonly own: string;
}

const CHAT: readonly Message[] = [
  { role: 'user', content: 'First question' },
  { role: 'assistant', content: 'First answer' },
  { role: 'user', content: 'Second question' },
  { role: 'assistant', content: 'Second answer' },
];
const PROBES: readonly (readonly Message[])[] = [CHAT, [{ role: 'system', content: 'Be brief' }, ...CHAT]];

/**
 * Compares a template with the chat template that the checkpoint ships, on conversations with and without a system
 * prompt. A server that runs the checkpoint's own template gives the model other text than it was trained on when
 * the two differ, so a run should say so.
 *
 * @returns the first difference; undefined when there is none, or there is nothing to compare with.
 */
export async function chatTemplateDifference(
  template: Template,
  tokenizer: Tokenizer,
): Promise<TemplateDifference | undefined> {
  if (tokenizer.chat_template === undefined) return undefined;
  const own = await createJinjaTemplate(tokenizer);
  for (const messages of PROBES) {
    for (const what of ['conversation', 'prompt'] as const) {
      const texts = [template, own].map((each) => textOf(each, what, messages, tokenizer));
      const [a, b] = texts;
      // What one of them refuses to say, the other cannot be held against.
      if (a !== undefined && b !== undefined && a !== b) return part(what, a, b);
    }
  }
  return undefined;
}

function textOf(
  template: Template,
  what: TemplateDifference['what'],
  messages: readonly Message[],
  tokenizer: Tokenizer,
): string | undefined {
  try {
    if (what === 'prompt') return tokenizer.decode(template.prompt(messages.slice(0, -1), tokenizer));
    const result = template.encode({ messages }, tokenizer);
    return result.kind === 'sample' ? tokenizer.decode(result.sample.input_ids) : undefined;
  } catch {
    return undefined;
  }
}

function part(what: TemplateDifference['what'], ours: string, own: string): TemplateDifference {
  let same = 0;
  while (same < ours.length && ours[same] === own[same]) same++;
  return {
    what,
    after: ours.slice(Math.max(0, same - 60), same),
    ours: ours.slice(same, same + 60),
    own: own.slice(same, same + 60),
  };
}
