import { toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, RawRow, StandardRow } from 'swift-ts/plugin';

/** A row of a set that only asks: dropped where answers are learned. */
export function asked(
  query: unknown,
  context: PreprocessContext,
  more: RawRow = {},
): StandardRow | undefined {
  return toStandardRow({ ...more, query, response: '' }, context);
}
