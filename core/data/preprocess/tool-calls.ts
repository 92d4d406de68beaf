/** Calls of tools in the shapes that rows have them in. */
import type { Role, ToolCall } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { badField, has, listOf, parsed, recordOf, textOf } from './fields.js';

type Turn = Readonly<Record<string, unknown>>;

const CALL = '{"name": "...", "arguments": {...}}, or JSON text of it';
const CALLS = 'a list of {"function": {"name": "...", "arguments": {...}}}, or JSON text of one';

/**
 * The calls of a message: `tool_calls`, also as JSON text, as csv and parquet bring it, or OpenAI's older
 * `function_call`. Undefined where there are none.
 *
 * @throws SwiftError BAD_ROW for a call of another shape, and for one that no assistant makes.
 */
export function toolCallsOf(turn: Turn, role: Role, place: string): ToolCall[] | undefined {
  const calls = [...listed(turn, `${place}.tool_calls`), ...older(turn, `${place}.function_call`)];
  if (calls.length === 0) return undefined;
  if (role === 'assistant') return calls;
  throw new SwiftError('BAD_ROW', `field '${place}' is a ${role} message with a tool call.`, {
    cure: 'Only an assistant calls tools. What a tool gave back is a message of the role tool.',
  });
}

/** One call: `{ name, arguments }` or JSON text of it, with or without OpenAI's `function` around it. */
export function toolCallOf(value: unknown, place: string): ToolCall {
  const entry = recordOf(objectOf(value), place, CALL);
  if (has(entry, 'type') && entry.type !== 'function')
    throw badField(`${place}.type`, entry.type, "'function'");
  const { name, arguments: given } = has(entry, 'function')
    ? recordOf(objectOf(entry.function), `${place}.function`, CALL)
    : entry;
  return {
    ...(has(entry, 'id') ? { id: textOf(entry.id, `${place}.id`) } : {}),
    type: 'function',
    function: { name: textOf(name, `${place}.name`), arguments: argumentsOf(given, `${place}.arguments`) },
  };
}

function argumentsOf(given: unknown, place: string): ToolCall['function']['arguments'] {
  if (given === undefined || given === null) return {};
  return typeof given === 'string' ? given : recordOf(given, place, 'an object, or JSON text of one');
}

function listed(turn: Turn, place: string): ToolCall[] {
  if (!has(turn, 'tool_calls') || turn.tool_calls === '') return [];
  return listOf(turn.tool_calls, place, CALLS).map((call, i) => toolCallOf(call, `${place}[${i}]`));
}

function older(turn: Turn, place: string): ToolCall[] {
  return has(turn, 'function_call') && turn.function_call !== ''
    ? [toolCallOf(turn.function_call, place)]
    : [];
}

const objectOf = (value: unknown): unknown => (typeof value === 'string' ? (parsed(value) ?? value) : value);
