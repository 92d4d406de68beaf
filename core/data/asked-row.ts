/** A row that a model is asked while it trains: the conversation up to where it answers. */
import type { AskedRow, StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/** @throws SwiftError BAD_ROW for a row without a question */
export function askedOf({ messages, tools, columns = {} }: StandardRow): AskedRow {
  const last = messages.at(-1);
  const isAnswered = last?.role === 'assistant';
  const question = isAnswered ? messages.slice(0, -1) : messages;
  if (question.some(({ role }) => role === 'user' || role === 'tool'))
    return { messages: question, tools, expected: isAnswered ? last.content : undefined, columns };
  throw new SwiftError('BAD_ROW', 'the row asks nothing.', {
    cure: 'A row that a model answers has a user message: messages, query, or another question column.',
  });
}
