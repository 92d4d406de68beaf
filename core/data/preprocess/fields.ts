import type { RawRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';

/** A fault of one field; the loader puts `file:line` in front. */
export function badField(field: string, value: unknown, expected: string): SwiftError {
  return new SwiftError('BAD_ROW', `field '${field}' is ${describe(value)}; expected ${expected}.`, {
    cure: 'docs/adding/dataset.md says which row shapes there are. --check_dataset_strategy discard skips such rows and counts them.',
  });
}

/** True where a row has a field and it is not null. */
export const has = (row: RawRow, field: string): boolean => row[field] !== undefined && row[field] !== null;

/** A text; numbers and booleans are written out. */
export function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  throw badField(field, value, 'a text');
}

export const optionalText = (row: RawRow, field: string): string | undefined =>
  has(row, field) ? textOf(row[field], field) : undefined;

/** A list, or JSON text of one, as csv files bring it. */
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object')
    return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'no fields'}`;
  return `the ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}
