/** Rows on their way to another thread, or into a digest: what a copy would change in silence is marked, or refused. */
import { ExactFloat } from '../exact-numbers.js';
import type { LoadedRow } from './source.js';

/**
 * Rows whose copies are as they are. A float that is told from its integer (`10.0`) becomes a `Number` object, which no row
 * has otherwise.
 * @throws TypeError where a row holds what no copy is like: a function, an object of a program's own class
 */
export function portable(rows: readonly LoadedRow[]): readonly LoadedRow[] {
  return marked(rows) as readonly LoadedRow[];
}

/** Rows as they were, of copies of what `portable` gave. */
export function asTheyWere(rows: readonly LoadedRow[]): readonly LoadedRow[] {
  return unmarked(rows) as readonly LoadedRow[];
}

function marked(value: unknown): unknown {
  if (value instanceof ExactFloat) return Object(value.value);
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError('no row holds code');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
    throw new TypeError('a row holds an object of a class');
  return each(value, marked);
}

function unmarked(value: unknown): unknown {
  if (value instanceof Number) return new ExactFloat(value.valueOf());
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return each(value, unmarked);
}

/** A list or a record with its entries changed; itself where none was. */
function each(value: object, change: (entry: unknown) => unknown): unknown {
  let changed: Record<string, unknown> | unknown[] | undefined;
  for (const [key, entry] of Object.entries(value)) {
    const now = change(entry);
    if (now === entry) continue;
    changed ??= Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    (changed as Record<string, unknown>)[key] = now;
  }
  return changed ?? value;
}
