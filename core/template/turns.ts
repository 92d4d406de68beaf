import type { Message, ToolCall } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/** One question and the answer to it; the answer is absent where the next one is wanted. */
export interface Turn {
  /** The user's message; empty where tools answered instead. */
  readonly query: string;
  /** What tools gave back, in the order of the calls. */
  readonly results?: readonly string[];
  readonly response?: string;
  readonly calls?: readonly ToolCall[];
  /** False for an answer that is context only. */
  readonly loss: boolean;
}

export interface Conversation {
  /** Undefined when the row has no system message. */
  readonly system?: string;
  readonly turns: readonly Turn[];
}

/** The way out of a format that cannot say something. */
export const OWN_FORMAT_CURE =
  "Use the model's own chat template (--template_type chat_template), or change the rows.";

/**
 * Reads messages as a system prompt followed by turns.
 *
 * @param name of the template, for the error text.
 * @param saysTools whether tool calls and their results may stand in the conversation.
 * @throws SwiftError BAD_TEMPLATE for what a plain chat format cannot say: two messages of one role in a row, a
 * system message that is not the first, an answer to nothing, and tools where the format has none.
 */
export function toConversation(messages: readonly Message[], name: string, saysTools = false): Conversation {
  const system = messages[0]?.role === 'system' ? messages[0].content : undefined;
  const turns: Turn[] = [];
  let query: string | undefined;
  let results: string[] | undefined;
  messages.forEach((message, i) => {
    const refuse = (what: string, cure = OWN_FORMAT_CURE): never => {
      throw new SwiftError('BAD_TEMPLATE', `messages[${i}]: template ${name} ${what}.`, { cure });
    };
    switch (message.role) {
      case 'system':
        if (i > 0) refuse('takes a system message only as the first message');
        return;
      case 'user':
        if (query !== undefined)
          refuse('cannot say two user messages in a row', 'Join them into one message.');
        if (results !== undefined) refuse('needs an answer between a tool message and a user message');
        query = message.content;
        return;
      case 'assistant': {
        const { content: response, tool_calls: calls, loss = true } = message;
        if (calls !== undefined && !saysTools) refuse('cannot say tool calls');
        const last = turns.at(-1);
        if (query !== undefined || results !== undefined) {
          turns.push({ query: query ?? '', results, response, calls, loss });
        } else if (calls !== undefined && response === '' && last !== undefined) {
          // Several calls at once, one message each.
          turns[turns.length - 1] = { ...last, calls: [...(last.calls ?? []), ...calls] };
        } else {
          refuse(
            'needs a user message before each assistant message',
            'Join the assistant messages into one.',
          );
        }
        query = results = undefined;
        return;
      }
      case 'tool':
        if (!saysTools) refuse('cannot say tool messages');
        if (query !== undefined || turns.length === 0) refuse('needs a tool call before a tool message');
        results = [...(results ?? []), message.content];
    }
  });
  if (query !== undefined || results !== undefined) turns.push({ query: query ?? '', results, loss: false });
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
