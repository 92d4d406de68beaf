import type { Message } from '../contracts/row.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { isSwiftError } from '../errors.js';
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
const THOUGHTFUL: readonly Message[] = CHAT.map((message, i) =>
  i === 1 ? { ...message, content: `<think>\nA thought\n</think>\n\n${message.content}` } : message,
);
const PROBES: readonly (readonly Message[])[] = [
  CHAT,
  [{ role: 'system', content: 'Be brief' }, ...CHAT],
  THOUGHTFUL,
];

const TOOL = { name: 'weather_of', arguments: { city: 'Paris' } };
interface Extra {
  /** Stands in the text of a template that says the extra. */
  readonly mark: string;
  readonly tools?: readonly unknown[];
  readonly messages: readonly Message[];
}

/** A tool is defined, called and answers. */
const TOOLS: Extra = {
  mark: TOOL.name,
  tools: [
    {
      type: 'function',
      function: {
        name: TOOL.name,
        description: 'The weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    },
  ],
  messages: [
    { role: 'user', content: 'Question' },
    { role: 'assistant', content: '', tool_calls: [{ type: 'function', function: TOOL }] },
    { role: 'tool', content: 'Sunny' },
    { role: 'assistant', content: 'Answer' },
  ],
};

/** A tool is defined, and not called: a template may say no more of tools than that. */
const TOOLS_ALONE: Extra = {
  ...TOOLS,
  messages: [
    { role: 'user', content: 'Question' },
    { role: 'assistant', content: 'Answer' },
  ],
};

/** A thought stands beside its answer. */
const THOUGHT_APART: Extra = {
  mark: 'A thought apart',
  messages: [
    { role: 'user', content: 'Question' },
    { role: 'assistant', content: 'Answer', reasoning_content: 'A thought apart' },
  ],
};

/**
 * Compares a template with the chat template that the checkpoint ships, on conversations with and without a system
 * prompt and thoughts. A server that runs the checkpoint's own template gives the model other text than it was
 * trained on when the two differ, so a run should say so.
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

/**
 * Whether a template can stand for the checkpoint's own: it says the same, tools and thoughts included where those are
 * said.
 */
export async function saysTheSame(template: Template, tokenizer: Tokenizer): Promise<boolean> {
  if (await chatTemplateDifference(template, tokenizer)) return false;
  const own = await createJinjaTemplate(tokenizer);
  return [TOOLS, TOOLS_ALONE, THOUGHT_APART].every(({ mark, tools, messages }) => {
    const said = textOf(own, 'conversation', messages, tokenizer, tools);
    if (said === undefined || !said.includes(mark)) return true;
    return said === textOf(template, 'conversation', messages, tokenizer, tools);
  });
}

/** A difference in one line, for a log. */
export function describeDifference({ what, after, ours, own }: TemplateDifference): string {
  const quoted = JSON.stringify;
  return `in a ${what}, after ${quoted(after)} it says ${quoted(ours)}, the model's own ${quoted(own)}`;
}

function textOf(
  template: Template,
  what: TemplateDifference['what'],
  messages: readonly Message[],
  tokenizer: Tokenizer,
  tools?: readonly unknown[],
): string | undefined {
  try {
    if (what === 'prompt') return tokenizer.decode(template.prompt(messages.slice(0, -1), tokenizer));
    const result = template.encode({ messages, tools }, tokenizer);
    return result.kind === 'sample' ? tokenizer.decode(result.sample.input_ids) : undefined;
  } catch (error) {
    if (isSwiftError(error)) return undefined;
    throw error;
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
