import type { Message, Role } from '../../contracts/row.js';
import { didYouMean, SwiftError } from '../../errors.js';
import { badField, has, listOf, recordOf, textOf } from './fields.js';
import { contentOf, joinMedia, messageMedia } from './media.js';
import { messageFields } from './message-fields.js';
import type { Turn, Unused } from './message-fields.js';
import { toolCallOf } from './tool-calls.js';

/** Role names in use, by the role they mean; a hyphen counts as an underscore. */
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
  function_response: 'tool',
  observation: 'tool',
  observations: 'tool',
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
export function messagesOf(value: unknown, field: string, unused: Unused = () => {}): Message[] {
  return listOf(value, field, SHAPE).flatMap((entry, i) => {
    const place = `${field}[${i}]`;
    const turn = recordOf(entry, place, SHAPE);
    const roleField = given(turn, ['role', 'from']);
    const isPair = 'human' in turn && 'assistant' in turn;
    if (isPair && (roleField === undefined || !has(turn, roleField))) return pair(turn, place, unused);
    if (roleField === undefined) throw badField(`${place}.role`, undefined, `a role, or a pair ${PAIR}`);
    return [
      toMessage(turn, place, roleField, given(turn, ['content', 'value', 'text']) ?? 'content', unused),
    ];
  });
}

/** The first of several names that a turn has a value under, or has at all. */
const given = (turn: Turn, names: readonly string[]): string | undefined =>
  names.find((name) => has(turn, name)) ?? names.find((name) => name in turn);

function pair(turn: Turn, place: string, unused: Unused): Message[] {
  const { human, assistant, ...others } = turn;
  for (const field of Object.keys(others)) if (has(others, field)) unused(field);
  return [
    { role: 'user', content: textOf(human, `${place}.human`) },
    { role: 'assistant', content: textOf(assistant, `${place}.assistant`) },
  ];
}

function toMessage(
  turn: Turn,
  place: string,
  roleField: string,
  contentField: string,
  unused: Unused,
): Message {
  const said = textOf(turn[roleField], `${place}.${roleField}`).toLowerCase();
  const name = said.replaceAll('-', '_');
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) {
    throw new SwiftError('BAD_ROW', `field '${place}.${roleField}' is '${said}', which is no role.`, {
      cure: [...didYouMean(name, Object.keys(ROLES)), 'Roles are system, user, assistant and tool.'],
    });
  }
  const fields = messageFields(turn, role, place, [roleField, contentField], unused);
  const content = turn[contentField] ?? undefined;
  const contentPlace = `${place}.${contentField}`;
  if (name.endsWith('_call') && content !== undefined && content !== '') {
    return {
      role,
      content: '',
      ...fields,
      tool_calls: [toolCallOf(content, contentPlace), ...(fields.tool_calls ?? [])],
    };
  }
  const missing = content === undefined && fields.tool_calls !== undefined;
  if (missing) return { role, content: '', ...fields };
  const { content: text, ...inside } = contentOf(turn[contentField], contentPlace);
  return { role, content: text, ...fields, ...joinMedia(inside, messageMedia(turn, place)) };
}
