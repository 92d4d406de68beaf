/** Fields of a message beside its role and text. docs/adding/dataset.md lists them. */
import type { Message, Role } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { ExactFloat } from '../../exact-numbers.js';
import { badField, has, textOf } from './fields.js';
import { toolCallsOf } from './tool-calls.js';

export type Turn = Readonly<Record<string, unknown>>;

/** Is told of a field that says nothing here, by a name that is the same in every row. */
export type Unused = (field: string) => void;

/** Names of one thought, by family of models. */
const THOUGHTS = ['reasoning_content', 'reasoning', 'thinking'];
/** Names of one switch: ms-swift's, OpenAI's and axolotl's. */
const LOSSES = ['loss', 'weight', 'train', 'training'];
const OTHERS = ['tool_calls', 'function_call', 'tool_call_id', 'name', 'images', 'videos', 'audios'];
const KNOWN = new Set([...THOUGHTS, ...LOSSES, ...OTHERS, 'loss_scale']);

/**
 * What a message says beside its text.
 *
 * @param used fields that were read already.
 * @throws SwiftError BAD_ROW for a value of another type, and for two names of one thing that do not agree.
 */
export function messageFields(
  turn: Turn,
  role: Role,
  place: string,
  used: readonly string[],
  unused: Unused,
): Omit<Message, 'role' | 'content'> {
  for (const field of Object.keys(turn)) {
    if (!KNOWN.has(field) && !used.includes(field) && has(turn, field)) unused(field);
  }
  const only = <T>(wanted: Role, field: string, value: T | undefined): T | undefined => {
    if (value !== undefined && role !== wanted) unused(`${field} of a ${role} message`);
    return role === wanted ? value : undefined;
  };
  const name = has(turn, 'name') ? textOf(turn.name, `${place}.name`) : '';
  const callId = has(turn, 'tool_call_id') ? textOf(turn.tool_call_id, `${place}.tool_call_id`) : undefined;
  const [thoughtName, thought] = oneOf(turn, THOUGHTS, place, textOf);
  const [lossName, loss] = oneOf(turn, LOSSES, place, onOrOff);
  // Only an answer can be learned, so a switch that is off says nothing elsewhere.
  const learned = only('assistant', lossName, loss === false && role !== 'assistant' ? undefined : loss);
  return defined({
    name: name === '' ? undefined : name,
    tool_call_id: only('tool', 'tool_call_id', callId),
    reasoning_content: only('assistant', thoughtName, thought),
    tool_calls: toolCallsOf(turn, role, place),
    loss: learned,
    loss_scale: only('assistant', 'loss_scale', has(turn, 'loss_scale') ? weightOf(turn, place) : undefined),
  });
}

/** The value that stands under one of several names. */
function oneOf<T>(
  turn: Turn,
  names: readonly string[],
  place: string,
  read: (value: unknown, place: string) => T,
): [name: string, value: T | undefined] {
  const given = names.filter((name) => has(turn, name));
  const values = given.map((name) => read(turn[name], `${place}.${name}`));
  const other = values.findIndex((value) => value !== values[0]);
  if (other > 0) {
    throw new SwiftError(
      'BAD_ROW',
      `fields '${place}.${given[0]}' and '${given[other]}' say different things.`,
      {
        cure: `Keep one of them: ${names.join(', ')} are names of the same thing.`,
      },
    );
  }
  return [given[0] ?? names[0], values[0]];
}

function onOrOff(value: unknown, place: string): boolean {
  const given = value instanceof ExactFloat || typeof value === 'bigint' ? Number(value) : value;
  if (given === true || given === 1) return true;
  if (given === false || given === 0) return false;
  throw badField(place, value, 'true, false, 1 or 0');
}

function weightOf({ loss_scale: value }: Turn, place: string): number {
  const given = value instanceof ExactFloat || typeof value === 'bigint' ? Number(value) : value;
  if (typeof given === 'number' && Number.isFinite(given) && given >= 0) return given;
  throw badField(`${place}.loss_scale`, value, 'a weight of 0 or more');
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
