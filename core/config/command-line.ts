import type { ValuesOf } from './argument.js';
import { commandArguments, type CommandName } from './commands.js';
import { readConfigFile } from './config-file.js';
import { parseFlags } from './parse-flags.js';
import { idleArguments } from './idle-arguments.js';
import { canonicalNames, resolveArguments, type GivenValue } from './resolve.js';
import { withRunArguments } from './run-arguments.js';
import { translate } from './swift-arguments.js';
import { SwiftError } from '../errors.js';

export type CommandValues<C extends CommandName> = ValuesOf<(typeof commandArguments)[C]>;

/** Told what an argument does here that SWIFT's user might not expect. */
export interface Hears {
  warn(message: string): void;
}

const EMITTED: Hears = { warn: (message) => process.emitWarning(message) };

/** A command's arguments from its words: an optional config file first, then flags, which win over the file. */
export function commandLine<C extends CommandName>(
  command: C,
  argv: readonly string[],
  log: Hears = EMITTED,
): CommandValues<C> {
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
    checkCommand(command, file, values.get('command'));
    values.delete('command');
    for (const [name, value] of values) if (!flagged.has(names.get(name) ?? name)) given.set(name, value);
  }
  for (const [name, value] of flags) given.set(name, { value, place: `--${name}` });
  return valuesOf(command, given, log);
}

/** A command's arguments from options of a program, named as flags are. @throws SwiftError as for flags */
export function commandOptions<C extends CommandName>(
  command: C,
  options: Readonly<Record<string, unknown>>,
  log: Hears,
): CommandValues<C> {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return valuesOf(command, new Map(set.map(([name, value]) => [name, { value, place: name }])), log);
}

function valuesOf<C extends CommandName>(
  command: C,
  said: ReadonlyMap<string, GivenValue>,
  log: Hears,
): CommandValues<C> {
  const known = commandArguments[command];
  const { given, notices } = translate(known, withRunArguments(known, said));
  const values = resolveArguments(command, known, given) as unknown as CommandValues<C>;
  // What a resumed run was given before has been said then.
  for (const notice of [...notices, ...idleArguments(known, said, values)]) log.warn(notice);
  return values;
}

/** A run's args.json is a config file that says which command it is for. @throws SwiftError BAD_FILE */
function checkCommand(command: string, file: string, named: GivenValue | undefined): void {
  if (named === undefined || named.value === command) return;
  throw new SwiftError('BAD_FILE', `${named.place}: these arguments are of swift ${String(named.value)}`, {
    cure: `swift ${String(named.value)} ${file} takes them.`,
  });
}
