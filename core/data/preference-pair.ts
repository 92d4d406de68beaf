import { isDeepStrictEqual } from 'node:util';
import type { Message, StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/**
 * A row with a better and a worse answer as two conversations. Answers are supervised from where they first differ: the
 * last one, or, of whole conversations, all that follow what they share.
 *
 * @throws SwiftError BAD_ROW for a row without a worse answer, and for conversations that do not end with an answer or
 *   differ before one
 */
export function preferencePair(row: StandardRow): readonly [chosen: StandardRow, rejected: StandardRow] {
  const { rejected_response, rejected_messages, ...rest } = row;
  const chosen = row.messages;
  const rejected = rejected_messages ?? withLastAnswer(chosen, rejected_response);
  checkEnd(chosen, 'messages');
  checkEnd(rejected, 'rejected_messages');
  const shared = chosen.findIndex((message, i) => !isDeepStrictEqual(message, rejected[i]));
  const from = shared < 0 ? chosen.length - 1 : shared;
  for (const [name, side] of [
    ['messages', chosen],
    ['rejected_messages', rejected],
  ] as const) {
    if (side[from]?.role === 'assistant') continue;
    throw new SwiftError(
      'BAD_ROW',
      `'${name}[${from}]' is no answer, and the two conversations differ there.`,
      {
        cure: 'A preference is between answers to one question: both conversations have the same turns before they differ.',
      },
    );
  }
  return [
    { ...rest, messages: supervisedFrom(from, chosen) },
    { ...rest, messages: supervisedFrom(from, rejected) },
  ];
}

function withLastAnswer(messages: readonly Message[], content: string | undefined): readonly Message[] {
  if (content !== undefined) return [...messages.slice(0, -1), { role: 'assistant', content }];
  throw new SwiftError('BAD_ROW', 'the row has no worse answer to compare with.', {
    cure: 'Preference rows have rejected_response or rejected_messages, or the fields chosen and rejected.',
  });
}

/** @throws SwiftError BAD_ROW */
export function checkEnd(messages: readonly Message[], field: string): void {
  if (messages.at(-1)?.role === 'assistant') return;
  throw new SwiftError('BAD_ROW', `'${field}' does not end with an answer of the assistant.`, {
    cure: 'A preference is between answers: the last message is one of them.',
  });
}

/** Only answers from a message on are supervised. */
export function supervisedFrom(first: number, messages: readonly Message[]): Message[] {
  return messages.map((message, i) =>
    message.role === 'assistant' && i < first ? { ...message, loss: false } : message,
  );
}
