import type { PreprocessContext, StandardRow } from 'swift-ts/plugin';

/** Of several answers the first, as SWIFT takes it. */
export const first = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : value);

/** A text of a row that is looked into; another value is left for the usual checks to refuse. */
export const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Drops a row whose files are not among its dataset's media. */
export function withoutFile(context: PreprocessContext, what = 'image'): StandardRow | undefined {
  context.dropped?.(`without their ${what}`);
  return undefined;
}
