/** JSON in the forms that formats of tools write it in. */
import { pythonJson } from '../template/python-json.js';
import { isFields } from './tools.js';

/** As Python's `json.dumps` with an indent. */
export function indentedJson(value: unknown, indent: number, depth = 0): string {
  const line = (deep: number): string => `\n${' '.repeat(indent * deep)}`;
  const within = (open: string, items: readonly string[], close: string): string =>
    items.length === 0
      ? open + close
      : open + line(depth + 1) + items.join(`,${line(depth + 1)}`) + line(depth) + close;
  const inner = (one: unknown): string => indentedJson(one, indent, depth + 1);
  if (Array.isArray(value)) return within('[', value.map(inner), ']');
  if (!isPlain(value)) return pythonJson(value);
  return within(
    '{',
    fieldsOf(value).map(([key, one]) => `${JSON.stringify(key)}: ${inner(one)}`),
    '}',
  );
}

/** Without spaces, keys in alphabetical order. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (!isPlain(value)) return pythonJson(value);
  const sorted = fieldsOf(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${sortedJson(one)}`).join(',')}}`;
}

/** A text as it is, anything else as JSON. */
export const textOrJson = (value: unknown): string => (typeof value === 'string' ? value : pythonJson(value));

const fieldsOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, field]) => field !== undefined);

/** Of no class of its own: numbers keep their spelling in one. */
const isPlain = (value: unknown): value is object => isFields(value) && value.constructor === Object;
