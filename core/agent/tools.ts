/** Tools and calls as formats of tools read them. */
import type { Call, Tool } from '../contracts/agent.js';
import type { ToolCall } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import { parseExactJson } from '../io/exact-json.js';
import { parsePythonLiteral } from '../io/python-literal.js';
import { argumentsObject } from '../template/call-arguments.js';

type Fields = Readonly<Record<string, unknown>>;

/** The tools of a row, each an object. @throws SwiftError BAD_ROW for one that is none */
export function toolsOf(given: readonly unknown[]): readonly Tool[] {
  return given.map((one, i) => {
    const tool = typeof one === 'string' ? valueOf(one) : one;
    if (isFields(tool)) return tool;
    throw new SwiftError('BAD_ROW', `tools[${i}] is no description of a tool: ${JSON.stringify(one)}`, {
      cure: 'A tool is {"type": "function", "function": {"name": "...", "description": "...", "parameters": {...}}}.',
    });
  });
}

/** With `{ type, function }` around it. */
export function wrapped(tool: Tool): Tool {
  return 'type' in tool || 'function' in tool ? tool : { type: 'function', function: tool };
}

/** `{ name, description, parameters }`. */
export function unwrapped(tool: Tool): Fields {
  return 'type' in tool && isFields(tool.function) ? tool.function : tool;
}

/** @throws SwiftError BAD_ROW for a tool without a name */
export function nameOf(tool: Tool): string {
  const fields = unwrapped(tool);
  const name = fields.name_for_model || fields.name;
  if (typeof name === 'string' && name !== '') return name;
  throw new SwiftError('BAD_ROW', `a tool has no name: ${JSON.stringify(tool)}`, {
    cure: 'Give it one: {"type": "function", "function": {"name": "weather", ...}}.',
  });
}

/** Its parameters as JSON Schema; an empty one where it has none. */
export function parametersOf(tool: Tool): Fields {
  const { parameters } = unwrapped(tool);
  const schema = typeof parameters === 'string' ? valueOf(parameters) : parameters;
  return isFields(schema) ? schema : {};
}

/** The schemas of a tool's parameters, by their names. */
export function propertiesOf(tool: Tool): Readonly<Record<string, Fields>> {
  const { properties } = parametersOf(tool);
  if (!isFields(properties)) return {};
  return Object.fromEntries(Object.entries(properties).filter(([, schema]) => isFields(schema))) as Record<
    string,
    Fields
  >;
}

/** Calls of a row's message. */
export function callsOf(calls: readonly ToolCall[] = []): readonly Call[] {
  return calls.map(({ function: { name, arguments: given } }) => ({
    name,
    arguments: argumentsObject(given),
  }));
}

/** Calls as OpenAI's API gives them: arguments as JSON text, numbered from `first`. */
export function toolCalls(calls: readonly Call[], first = 0): ToolCall[] {
  return calls.map(({ name, arguments: given }, i) => ({
    id: `call_${first + i}`,
    type: 'function',
    function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  }));
}

/** What a text says as JSON, or as a Python literal; undefined where it is neither. */
export function valueOf(text: string): unknown {
  for (const parse of [parseExactJson, parsePythonLiteral]) {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/**
 * The value of an argument that a format writes without saying its type: text where the tool's schema says so, else what it says as
 * JSON. @param unknown what it is taken for where no schema tells
 */
export function argumentValue(
  text: string,
  { tools, call, name }: { readonly tools: readonly Tool[]; readonly call: string; readonly name: string },
  unknown: 'text' | 'json',
): unknown {
  const tool = tools.find((one) => nameOf(one) === call);
  const schema = tool && propertiesOf(tool)[name];
  const types = schema?.type === undefined ? [] : [schema.type].flat();
  if (types.length === 0 && unknown === 'text') return text;
  // A bare null of a text that may be none is none.
  if (types.includes('string') && !(types.includes('null') && text.trim() === 'null')) return text;
  return valueOf(text) ?? (text.trim() === 'null' ? null : text);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
