import type { Message } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/** One user message and the answer to it; the answer is absent where the next one is wanted. */
export interface Turn {
  readonly query: string;
  readonly response?: string;
  /** False for an answer that is context only. */
  readonly loss: boolean;
}

export interface Conversation {
  /** Undefined when the row has no system message. */
  readonly system?: string;
  readonly turns: readonly Turn[];
}

const CURE = "Use the model's own chat template instead, or change the rows.";

/**
 * Reads messages as a system prompt followed by turns.
 *
 * @param name of the template, for the error text.
 * @throws SwiftError BAD_TEMPLATE for what a plain chat format cannot say: tools, two messages of one role in a
 * row, a system message that is not the first, an answer to nothing.
 */
export function toConversation(messages: readonly Message[], name: string): Conversation {
  const refuse = (index: number, what: string, cure: string = CURE): never => {
    throw new SwiftError('BAD_TEMPLATE', `messages[${index}]: template ${name} ${what}.`, { cure });
  };
  const system = messages[0]?.role === 'system' ? messages[0].content : undefined;
  const turns: Turn[] = [];
  let query: string | undefined;
  messages.forEach((message, i) => {
    switch (message.role) {
      case 'system':
        if (i > 0) refuse(i, 'takes a system message only as the first message');
        return;
      case 'user':
        if (query !== undefined)
          refuse(i, 'cannot say two user messages in a row', 'Join them into one message.');
        query = message.content;
        return;
      case 'assistant':
        if (message.tool_calls !== undefined) refuse(i, 'cannot say tool calls');
        if (query === undefined) {
          refuse(
            i,
            'needs a user message before each assistant message',
            'Join the assistant messages into one.',
          );
          return;
        }
        turns.push({ query, response: message.content, loss: message.loss ?? true });
        query = undefined;
        return;
      case 'tool':
        refuse(i, 'cannot say tool messages');
    }
  });
  if (query !== undefined) turns.push({ query, loss: false });
  return system === undefined ? { turns } : { system, turns };
}

/** The text of a pre-training row: one assistant message and nothing else. */
export function plainText(messages: readonly Message[]): string | undefined {
  return messages.length === 1 && messages[0].role === 'assistant' && messages[0].tool_calls === undefined
    ? messages[0].content
    : undefined;
}

/** Nothing after the last answer is learned, and nothing learned looks at it, so it is left out of a sample. */
export function upToLastAnswer(messages: readonly Message[]): readonly Message[] {
  return messages.slice(0, messages.findLastIndex(({ role }) => role === 'assistant') + 1);
}
