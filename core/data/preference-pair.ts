import type { Message, StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/**
 * A row with a better and a worse answer as two conversations, in which only the last answer is supervised.
 *
 * @throws SwiftError BAD_ROW for a row without a worse answer, or whose conversation does not end with an answer
 */
export function preferencePair(row: StandardRow): readonly [chosen: StandardRow, rejected: StandardRow] {
  const { rejected_response, rejected_messages, ...rest } = row;
  const rejected = rejected_messages ?? withLastAnswer(row.messages, rejected_response);
  return [
    { ...rest, messages: onlyLast(row.messages, 'messages') },
    { ...rest, messages: onlyLast(rejected, 'rejected_messages') },
  ];
}

function withLastAnswer(messages: readonly Message[], content: string | undefined): readonly Message[] {
  if (content !== undefined) return [...messages.slice(0, -1), { role: 'assistant', content }];
  throw new SwiftError('BAD_ROW', 'the row has no worse answer to compare with.', {
    cure: 'Preference rows have rejected_response or rejected_messages, or the fields chosen and rejected.',
  });
}

function onlyLast(messages: readonly Message[], field: string): Message[] {
  if (messages.at(-1)?.role !== 'assistant') {
    throw new SwiftError('BAD_ROW', `'${field}' does not end with an answer of the assistant.`, {
      cure: 'A preference is between two answers: the last message is the one that is compared.',
    });
  }
  return messages.map((message, i) =>
    message.role === 'assistant' ? { ...message, loss: i === messages.length - 1 } : message,
  );
}
