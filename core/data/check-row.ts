/** What no tokenizer can say of a row, found before one changes it in silence. */
import type { StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/** With the flag u only halves that stand alone are surrogates. */
const HALF = /\p{Surrogate}/u;

/** @throws SwiftError BAD_ROW for a text with half of a UTF-16 pair, as a cut emoji leaves it in JSON */
export function checkRow(row: StandardRow): void {
  const texts = [
    'messages',
    'tools',
    'rejected_response',
    'rejected_messages',
    'positive_messages',
    'negative_messages',
  ] as const;
  const place = texts.map((field) => half(row[field], field)).find((found) => found !== undefined);
  if (place === undefined) return;
  throw new SwiftError('BAD_ROW', `field '${place}' holds half a character (a lone UTF-16 surrogate).`, {
    cure: 'A text was cut inside an emoji or the like. Correct it; --check_dataset_strategy discard skips such rows and counts them.',
  });
}

function half(value: unknown, place: string): string | undefined {
  if (typeof value === 'string') return HALF.test(value) ? place : undefined;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  const isList = Array.isArray(value);
  for (const [key, entry] of Object.entries(value)) {
    const found = half(entry, isList ? `${place}[${key}]` : `${place}.${key}`) ?? half(key, place);
    if (found !== undefined) return found;
  }
  return undefined;
}
