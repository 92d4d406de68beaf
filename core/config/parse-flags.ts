import { SwiftError } from '../errors.js';

/** What the command line says, before any schema: `--name value …` with dashes and underscores alike. */
export interface RawFlags {
  readonly positional: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/**
 * Splits an argument vector. Values run until the next `--name`; `--name=value` works too. A negative number is a
 * value. @throws SwiftError BAD_ARGUMENT when a flag is given twice
 */
export function parseFlags(argv: readonly string[]): RawFlags {
  const positional: string[] = [];
  const flags = new Map<string, string[]>();
  let values: string[] = positional;
  for (const word of argv) {
    if (!/^--?[A-Za-z]/.test(word)) {
      values.push(word);
      continue;
    }
    const [, name, , value] = /^--?([^=]+)(=(.*))?$/s.exec(word)!;
    const key = name.replaceAll('-', '_');
    if (flags.has(key)) {
      throw new SwiftError('BAD_ARGUMENT', `--${key} is given twice`, {
        cure: 'Give it once; lists take several values after one flag.',
      });
    }
    flags.set(key, (values = value === undefined ? [] : [value]));
  }
  return { positional, flags };
}
