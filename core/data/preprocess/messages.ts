import type { Message, Role, ToolCall } from '../../contracts/row.js';
import { didYouMean, SwiftError } from '../../errors.js';
import { badField, listOf, recordOf, textOf } from './fields.js';

/** Role names in use, by the role they mean. */
const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  bot: 'assistant',
  model: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  tool: 'tool',
  tool_response: 'tool',
  observation: 'tool',
  function: 'tool',
  tool_call: 'assistant',
  function_call: 'assistant',
};

const SHAPE = 'a list of {"role": "user", "content": "..."} or {"from": "human", "value": "..."}';
const PAIR = '{"human": "...", "assistant": "..."}';

/**
 * Turns in any of the usual shapes: `role`/`content` (OpenAI), `from`/`value` (ShareGPT), `role`/`value`, or
 * `human`/`assistant` pairs. `field` is where they stand, for the error text.
 */
export function messagesOf(value: unknown, field: string): Message[] {
  return listOf(value, field, SHAPE).flatMap((entry, i) => {
    const place = `${field}[${i}]`;
    const turn = recordOf(entry, place, SHAPE);
    if ('human' in turn && 'assistant' in turn) {
      return [
        { role: 'user' as const, content: textOf(turn.human, `${place}.human`) },
        { role: 'assistant' as const, content: textOf(turn.assistant, `${place}.assistant`) },
      ];
    }
    const roleField = 'role' in turn ? 'role' : 'from' in turn ? 'from' : undefined;
    if (roleField === undefined) throw badField(`${place}.role`, undefined, `a role, or a pair ${PAIR}`);
    const contentField =
      'content' in turn ? 'content' : 'value' in turn ? 'value' : 'text' in turn ? 'text' : 'content';
    return [toMessage(turn, `${place}.${roleField}`, roleField, `${place}.${contentField}`, contentField)];
  });
}

type Turn = Readonly<Record<string, unknown>>;

function toMessage(
  turn: Turn,
  rolePlace: string,
  roleField: string,
  contentPlace: string,
  contentField: string,
): Message {
  const name = textOf(turn[roleField], rolePlace).toLowerCase();
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) {
    throw new SwiftError('BAD_ROW', `field '${rolePlace}' is '${name}', which is no role.`, {
      cure: [...didYouMean(name, Object.keys(ROLES)), 'Roles are system, user, assistant and tool.'],
    });
  }
  const tool_calls = toolCalls(turn, name, contentPlace, contentField);
  const content = tool_calls !== undefined && (turn[contentField] ?? null) === null ? '' : turn[contentField];
  return {
    role,
    content: name.endsWith('_call') ? '' : contentText(content, contentPlace),
    ...(tool_calls === undefined ? {} : { tool_calls }),
    ...(typeof turn.loss === 'boolean' ? { loss: turn.loss } : {}),
  };
}

/** Text, or OpenAI's list of parts of which only text is read here. */
function contentText(content: unknown, place: string): string {
  if (!Array.isArray(content)) return textOf(content, place);
  return content
    .map((part, i) => {
      const { type, text } = recordOf(part, `${place}[${i}]`, '{"type": "text", "text": "..."}');
      if (type !== 'text') throw badField(`${place}[${i}].type`, type, "'text'");
      return textOf(text, `${place}[${i}].text`);
    })
    .join('');
}

function toolCalls(
  turn: Turn,
  role: string,
  contentPlace: string,
  contentField: string,
): ToolCall[] | undefined {
  if (Array.isArray(turn.tool_calls) && turn.tool_calls.length > 0) return turn.tool_calls as ToolCall[];
  if (!role.endsWith('_call')) return undefined;
  const expected = '{"name": "...", "arguments": {...}}, as JSON text';
  const text = textOf(turn[contentField], contentPlace);
  let call: unknown;
  try {
    call = JSON.parse(text);
  } catch {
    throw badField(contentPlace, text, expected);
  }
  const { name, arguments: given } = recordOf(call, contentPlace, expected);
  return [
    {
      type: 'function',
      function: {
        name: textOf(name, `${contentPlace}.name`),
        arguments: given as ToolCall['function']['arguments'],
      },
    },
  ];
}
