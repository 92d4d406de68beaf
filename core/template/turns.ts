import type { ToolResult } from '../contracts/agent.js';
import type { Message, ToolCall } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import { thinks } from './thinking.js';

/** One question and the answer to it; the answer is absent where the next one is wanted. */
export interface Turn {
  /** The user's message; empty where tools answered instead. */
  readonly query: string;
  /** What tools gave back, in the order of the calls. */
  readonly results?: readonly ToolResult[];
  readonly response?: string;
  /** What was thought before it, where the row holds that apart. */
  readonly thought?: string;
  readonly calls?: readonly ToolCall[];
  /** What the answer's message says of itself. */
  readonly loss?: boolean;
  readonly loss_scale?: number;
}

export interface Conversation {
  /** Undefined when the row has no system message. */
  readonly system?: string;
  readonly turns: readonly Turn[];
}

/** The way out of a format that cannot say something. */
export const OWN_FORMAT_CURE =
  "Use the model's own chat template (--template_type chat_template), or change the rows.";

/** The way out of a format that cannot say tools. */
export const AGENT_CURE = [
  'Name a format of tools: --agent_template; `swift list agents` shows them.',
  OWN_FORMAT_CURE,
];

/** What a format says beside plain turns. */
export interface Says {
  readonly tools: boolean;
  readonly thoughts: boolean;
}

/**
 * Reads messages as a system prompt followed by turns.
 *
 * @param name of the template, for the error text.
 * @throws SwiftError BAD_TEMPLATE for what a plain chat format cannot say: two messages of one role in a row, a
 * system message that is not the first, an answer to nothing, names of participants, results in another order than
 * their calls, and tools or thoughts where the format has none.
 */
export function toConversation(messages: readonly Message[], name: string, says: Says): Conversation {
  const system = messages[0]?.role === 'system' ? messages[0].content : undefined;
  const turns: Turn[] = [];
  let query: string | undefined;
  let results: ToolResult[] | undefined;
  let called: readonly ToolCall[] = [];
  messages.forEach((message, i) => {
    const refuse = (what: string, cure: string | string[] = OWN_FORMAT_CURE): never => {
      throw new SwiftError('BAD_TEMPLATE', `messages[${i}]: template ${name} ${what}.`, { cure });
    };
    if (message.name !== undefined && message.role !== 'tool') refuse('cannot say the name of a participant');
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
        const {
          content: response,
          tool_calls: calls,
          reasoning_content: thought = '',
          loss,
          loss_scale,
        } = message;
        if (calls !== undefined && !says.tools) refuse('cannot say tool calls', AGENT_CURE);
        if (thought !== '' && !says.thoughts) refuse('cannot say thoughts (reasoning_content)');
        if (thought !== '' && thinks(response))
          refuse('cannot say two thoughts, in content and reasoning_content');
        const last = turns.at(-1);
        if (query !== undefined || results !== undefined) {
          turns.push({ query: query ?? '', results, response, thought, calls, loss, loss_scale });
          called = calls ?? [];
        } else if (calls !== undefined && response === '' && thought === '' && last !== undefined) {
          // Several calls at once, one message each.
          called = [...(last.calls ?? []), ...calls];
          turns[turns.length - 1] = { ...last, calls: called };
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
        if (!says.tools) refuse('cannot say tool messages', AGENT_CURE);
        if (query !== undefined || turns.length === 0) refuse('needs a tool call before a tool message');
        if (!answers(message, called[results?.length ?? 0])) {
          refuse(
            'tells results by the order of their calls, and this one answers another call',
            'Put the tool messages in the order of tool_calls.',
          );
        }
        results = [
          ...(results ?? []),
          { content: message.content, name: message.name ?? called[results?.length ?? 0]?.function.name },
        ];
    }
  });
  if (query !== undefined || results !== undefined) turns.push({ query: query ?? '', results });
  return system === undefined ? { turns } : { system, turns };
}

/** Whether a tool message is the result of a call, as far as they say so. */
function answers({ tool_call_id, name }: Message, call: ToolCall | undefined): boolean {
  if (tool_call_id !== undefined && call?.id !== undefined) return tool_call_id === call.id;
  return name === undefined || call === undefined || name === call.function.name;
}

/** The text of a pre-training row: one assistant message and nothing else. */
export function plainText(messages: readonly Message[]): string | undefined {
  if (messages.length !== 1) return undefined;
  const [{ role, content, tool_calls, reasoning_content }] = messages;
  return role === 'assistant' && !tool_calls && !reasoning_content ? content : undefined;
}

/** Nothing after the last answer is learned, and nothing learned looks at it, so it is left out of a sample. */
export function upToLastAnswer(messages: readonly Message[]): readonly Message[] {
  return messages.slice(0, messages.findLastIndex(({ role }) => role === 'assistant') + 1);
}
