/** A row with its origin, and what makes a parsed value a row. */
import type { RawRow, RowOrigin } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';

export interface OriginatedRow {
  readonly row: RawRow;
  readonly origin: RowOrigin;
}

/** A BAD_ROW error reading `<file>:<line>: <fault>.` */
export function badRow({ file, line }: RowOrigin, fault: string, cure?: string): SwiftError {
  return new SwiftError('BAD_ROW', `${file}:${line}: ${fault}.`, { cure });
}

/** @throws SwiftError BAD_ROW */
export function asRow(value: unknown, origin: RowOrigin): RawRow {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawRow;
  throw badRow(origin, `a row must be an object such as {"query": "..."}, but this is ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return `the ${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}

/** The parser's own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
