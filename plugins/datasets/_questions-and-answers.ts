import { messagesOf } from 'swift-ts/plugin';
import type { Message } from 'swift-ts/plugin';

/** Pairs of question and answer as turns. */
export function turnsOf(pairs: unknown, field: string): Message[] {
  const turns = (Array.isArray(pairs) ? pairs : []) as { question?: unknown; answer?: unknown }[];
  return messagesOf(
    turns.map(({ question, answer }) => ({ human: question, assistant: answer })),
    field,
  );
}
