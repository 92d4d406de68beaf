/** The filter `tojson` of chat templates: Python's `json.dumps`, as transformers sets it up. */
import { pythonFloat, pythonNumber } from '../exact-numbers.js';

/** A value of the Jinja engine. */
export interface JinjaValue {
  readonly type: string;
  readonly value: unknown;
}

export interface JsonOptions {
  readonly indent?: number;
  readonly ensureAscii: boolean;
  readonly sortKeys: boolean;
  readonly between: string;
  readonly afterKey: string;
}

/** In the order that transformers takes them in. */
const PARAMETERS = ['ensure_ascii', 'indent', 'separators', 'sort_keys'];

/** Reads the arguments of a call. @throws for what they are not */
export function jsonOptions(
  args: readonly JinjaValue[],
  named: ReadonlyMap<string, JinjaValue>,
): JsonOptions {
  const [ensureAscii, indent, separators, sortKeys] = PARAMETERS.map((name, i) => {
    const given = named.get(name) ?? args[i];
    return given === undefined || given.type === 'NullValue' ? undefined : given.value;
  });
  if (indent !== undefined && typeof indent !== 'number') throw new Error('tojson: indent is no number');
  const parts = separators as readonly JinjaValue[] | undefined;
  if (parts !== undefined && !(Array.isArray(parts) && parts.length === 2)) {
    throw new Error('tojson: separators are no pair of texts');
  }
  return {
    indent,
    ensureAscii: Boolean(ensureAscii),
    sortKeys: Boolean(sortKeys),
    between: parts === undefined ? (indent === undefined ? ', ' : ',') : String(parts[0].value),
    afterKey: parts === undefined ? ': ' : String(parts[1].value),
  };
}

/** @throws for values that JSON cannot say */
export function jinjaJson(input: JinjaValue, options: JsonOptions, depth = 0): string {
  const { value } = input;
  switch (input.type) {
    case 'NullValue':
    case 'UndefinedValue':
      return 'null';
    case 'IntegerValue':
      return pythonNumber(value)!;
    case 'FloatValue':
      return pythonFloat(Number(value));
    case 'BooleanValue':
      return String(value);
    case 'StringValue':
      return quoted(value as string, options);
    case 'ArrayValue':
    case 'TupleValue':
      return within(
        '[]',
        (value as JinjaValue[]).map((entry) => jinjaJson(entry, options, depth + 1)),
        options,
        depth,
      );
    case 'ObjectValue':
    case 'NamespaceValue': {
      const entries = [...(value as Map<string, JinjaValue>)];
      if (options.sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : 1));
      const said = entries.map(
        ([key, entry]) => quoted(key, options) + options.afterKey + jinjaJson(entry, options, depth + 1),
      );
      return within('{}', said, options, depth);
    }
    default:
      throw new Error(`tojson: a ${input.type} cannot be written`);
  }
}

function within(brackets: string, items: readonly string[], options: JsonOptions, depth: number): string {
  const [open, close] = brackets;
  if (options.indent === undefined || items.length === 0) return open + items.join(options.between) + close;
  const line = (deep: number): string => `\n${' '.repeat(options.indent! * deep)}`;
  return open + line(depth + 1) + items.join(options.between + line(depth + 1)) + line(depth) + close;
}

function quoted(text: string, { ensureAscii }: JsonOptions): string {
  const json = JSON.stringify(text);
  if (!ensureAscii) return json;
  return json.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
