/** Rows with a better and a worse answer. */
import { isDeepStrictEqual } from 'node:util';
import type { Message, RawRow, StandardRow } from '../../contracts/row.js';
import { badField, has, optionalText, textOf } from './fields.js';
import type { Unused } from './message-fields.js';
import { messagesOf } from './messages.js';

/** Whether a row names its better answer `chosen` and its worse one `rejected`; the worse one may be missing. */
export const isPreference = (raw: RawRow): boolean => has(raw, 'chosen') && 'rejected' in raw;

/** Answers as texts, as one message, or as conversations. */
const turnsOf = (value: unknown, field: string, unused: Unused): Message[] =>
  typeof value === 'object' && value !== null
    ? messagesOf(Array.isArray(value) ? value : [value], field, unused)
    : [{ role: 'assistant', content: textOf(value, field) }];

/**
 * The conversation that ends with `chosen`.
 * @param before the turns in front of it, where another field has them
 */
export function chosenMessages(raw: RawRow, before: readonly Message[], unused: Unused): Message[] {
  if (has(raw, 'response')) unused('column response');
  const chosen = turnsOf(raw.chosen, 'chosen', unused);
  if (chosen.length <= 1) return [...before, ...chosen];
  if (before.length > 0 && !isDeepStrictEqual(chosen.slice(0, before.length), before))
    unused('what stands before a whole conversation in chosen');
  return chosen;
}

/** Fields that hold the worse answer, the first one that is there counts. */
const WORSE = ['rejected_messages', 'rejected_response', 'rejected'] as const;

/**
 * The worse answer: its text, where it alone differs, else the whole conversation.
 * @param messages the better conversation
 */
export function rejectedOf(
  raw: RawRow,
  messages: readonly Message[],
  unused: Unused,
): Pick<StandardRow, 'rejected_response' | 'rejected_messages'> {
  const [field, ...others] = WORSE.filter((name) => has(raw, name));
  for (const other of others) unused(`column ${other}`);
  if (field === undefined) return {};
  if (field === 'rejected_response' && !Array.isArray(raw[field]))
    return { rejected_response: optionalText(raw, field) };
  const rejected = turnsOf(raw[field], field, unused);
  const last = rejected.at(-1);
  if (last?.role !== 'assistant')
    throw badField(field, raw[field], 'a conversation that ends with an answer');
  const before = messages.slice(0, -1);
  const isAnswerAlone = rejected.length === 1;
  const isPlain = Object.keys(last).every((name) => name === 'role' || name === 'content');
  if (isPlain && (isAnswerAlone || isDeepStrictEqual(rejected.slice(0, -1), before)))
    return { rejected_response: last.content };
  return { rejected_messages: isAnswerAlone ? [...before, last] : rejected };
}
