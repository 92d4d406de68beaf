/**
 * Every error a user can meet. A message says what was wrong and where, what was expected, the nearest
 * valid value and what to do next; the command line prints it without a stack trace.
 */

/** One code per kind of fault. `docs/errors.md` explains each; a test holds the two lists equal. */
export const ERROR_CODES = [
  'UNKNOWN_ARGUMENT',
  'BAD_ARGUMENT',
  'UNSUPPORTED_ARGUMENT',
  'UNKNOWN_PLUGIN',
  'DUPLICATE_PLUGIN',
  'BAD_PLUGIN',
  'STALE_REGISTRY',
  'MISSING_TOKEN',
  'FILE_NOT_FOUND',
  'FILE_NOT_WRITABLE',
  'BAD_FILE',
  'BAD_ROW',
  'EMPTY_DATASET',
  'BAD_CHECKPOINT',
  'MISSING_WEIGHT',
  'UNKNOWN_WEIGHT',
  'SHAPE_MISMATCH',
  'UNSUPPORTED_MODEL',
  'UNSUPPORTED_OP',
  'UNSUPPORTED_DTYPE',
  'BACKEND_UNAVAILABLE',
  'HUB_NOT_FOUND',
  'HUB_UNREACHABLE',
  'HUB_OFFLINE',
  'SERVER_UNREACHABLE',
  'SERVER_REFUSED',
  'BAD_TEMPLATE',
  'NON_FINITE_LOSS',
  'NON_FINITE_WEIGHT',
  'ENGINE_CRASHED',
  'RESUME_MISMATCH',
  'JOB_MISMATCH',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  /** What the user can do about it; one sentence or command per entry. */
  readonly cure?: string | readonly string[];
  /** 2 for bad input (the default), 1 for a failure of the run or the machine. */
  readonly exitCode?: 1 | 2;
  readonly cause?: unknown;
}

export class SwiftError extends Error {
  override readonly name = 'SwiftError';
  readonly cure: readonly string[];
  readonly exitCode: 1 | 2;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { cure = [], exitCode = 2, cause }: ErrorDetails = {},
  ) {
    super(message, { cause });
    this.cure = typeof cure === 'string' ? [cure] : cure;
    this.exitCode = exitCode;
  }

  /** The text for a terminal: code, message, one line per cure. */
  render(): string {
    return [`error [${this.code}]: ${this.message}`, ...this.cure.map((line) => `  ${line}`)].join('\n');
  }
}

/** `instanceof` fails across two installed copies of this package; the name and code do not. */
export function isSwiftError(error: unknown): error is SwiftError {
  return error instanceof Error && error.name === 'SwiftError' && 'code' in error;
}

/** `Did you mean 'x' or 'y'?`, or nothing when no candidate is near. Use as (part of) `cure`. */
export function didYouMean(value: string, candidates: Iterable<string>): readonly string[] {
  const near = nearest(value, candidates);
  return near.length === 0 ? [] : [`Did you mean ${near.map((id) => `'${id}'`).join(' or ')}?`];
}

/** Up to `limit` candidates within a third of the value's length in edits, or sharing a prefix; best first. */
export function nearest(value: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = value.toLowerCase();
  const budget = Math.max(1, Math.floor(wanted.length / 3));
  return [...candidates]
    .map((id) => ({ id, distance: distance(wanted, id.toLowerCase()) }))
    .filter(
      ({ id, distance }) => distance <= budget || (wanted.length > 3 && id.toLowerCase().startsWith(wanted)),
    )
    .sort((a, b) => a.distance - b.distance || a.id.localeCompare(b.id))
    .slice(0, limit)
    .map(({ id }) => id);
}

/** Levenshtein distance with transpositions counted as one edit. */
function distance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
      }
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}
