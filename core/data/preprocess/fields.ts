import type { RawRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { pythonNumber } from '../../exact-numbers.js';
import { parseExactJson } from '../../io/exact-json.js';
import { parsePythonLiteral } from '../../io/python-literal.js';

/** A fault of one field; the loader puts `file:line` in front. */
export function badField(field: string, value: unknown, expected: string): SwiftError {
  return new SwiftError('BAD_ROW', `field '${field}' is ${describe(value)}; expected ${expected}.`, {
    cure: 'docs/adding/dataset.md says which row shapes there are. --check_dataset_strategy discard skips such rows and counts them.',
  });
}

/** True where a row has a field and it is not null. */
export const has = (row: RawRow, field: string): boolean => row[field] !== undefined && row[field] !== null;

/** A text; numbers and booleans are written out, but not NaN, which stands for a value that is missing. */
export function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  const text = typeof value === 'boolean' ? String(value) : pythonNumber(value);
  if (text !== undefined && !Number.isNaN(value)) return text;
  throw badField(field, value, 'a text');
}

export const optionalText = (row: RawRow, field: string): string | undefined =>
  has(row, field) ? textOf(row[field], field) : undefined;

/** A finite number, as files of any kind say it; undefined for what is none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const isSaid = typeof value === 'string' || pythonNumber(value) !== undefined;
  const number = isSaid ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A list, or text of one in JSON or Python's spelling, as csv files bring it. */
export function listOf(value: unknown, field: string, expected: string): unknown[] {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (Array.isArray(list)) return list as unknown[];
  throw badField(field, value, expected);
}

/** An object with fields. */
export function recordOf(value: unknown, field: string, expected: string): RawRow {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawRow;
  throw badField(field, value, expected);
}

/** What a text says in JSON, or as Python's `repr`; undefined when it is neither. */
export function parsed(text: string): unknown {
  for (const read of [parseExactJson, parsePythonLiteral]) {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const number = pythonNumber(value);
  if (number !== undefined) return `the number ${number.slice(0, 40)}`;
  if (typeof value === 'object')
    return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'no fields'}`;
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  return `the ${typeof value} ${String(value).slice(0, 40)}`;
}
