import type { ValuesOf } from './argument.js';
import { commandArguments, type CommandName } from './commands.js';
import { readConfigFile } from './config-file.js';
import { parseFlags } from './parse-flags.js';
import { canonicalNames, resolveArguments, type GivenValue } from './resolve.js';
import { SwiftError } from '../errors.js';

export type CommandValues<C extends CommandName> = ValuesOf<(typeof commandArguments)[C]>;

/** A command's arguments from its words: an optional config file first, then flags, which win over the file. */
export function commandLine<C extends CommandName>(command: C, argv: readonly string[]): CommandValues<C> {
  const { positional, flags } = parseFlags(argv);
  const [file, ...extra] = positional;
  if (extra.length > 0) {
    throw new SwiftError('BAD_ARGUMENT', `'${extra[0]}' is not expected here`, {
      cure: 'Arguments are flags (--name value); only a config file stands alone.',
    });
  }
  const given = new Map<string, GivenValue>();
  if (file !== undefined) {
    const { values, env } = readConfigFile(file);
    for (const [name, value] of Object.entries(env)) process.env[name] ??= String(value);
    const names = canonicalNames(commandArguments[command]);
    const flagged = new Set([...flags.keys()].map((name) => names.get(name) ?? name));
    // A flag wins over the file under whichever name each gives it.
    for (const [name, value] of values) if (!flagged.has(names.get(name) ?? name)) given.set(name, value);
  }
  for (const [name, value] of flags) given.set(name, { value, place: `--${name}` });
  return resolveArguments(command, commandArguments[command], given) as unknown as CommandValues<C>;
}
