import { SwiftError } from '../errors.js';

/** Refuses words that a command without flags would ignore. @throws SwiftError UNKNOWN_ARGUMENT */
export function noArguments(command: string, words: readonly string[]): void {
  if (words.length === 0) return;
  throw new SwiftError('UNKNOWN_ARGUMENT', `swift ${command} takes no '${words[0]}'`, {
    cure: `See swift ${command} --help.`,
  });
}
