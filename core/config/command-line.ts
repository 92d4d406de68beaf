import { isDeepStrictEqual } from 'node:util';
import { SwiftError } from '../errors.js';
import { Catalog } from '../registry/catalog.js';
import type { Arguments, ValuesOf } from './argument.js';
import { commandSchema, everyName, notChosen, takenWithout } from './command-schema.js';
import type { commandArguments, CommandName, TrainCommand } from './commands.js';
import { readConfigFile } from './config-file.js';
import { idleArguments } from './idle-arguments.js';
import { packagesIn } from './packages-in.js';
import { parseFlags } from './parse-flags.js';
import type {
  BackendFlags,
  EngineFlags,
  OptimizerFlags,
  PatcherFlags,
  QuantizerFlags,
  TrainerFlags,
  TunerFlags,
} from './plugin-flags.js';
import { checkValue, resolveArguments, type GivenValue } from './resolve.js';
import type { rlhfArguments } from './rlhf-arguments.js';
import type { taskArguments } from './task-arguments.js';
import { runArguments, withRunArguments } from './run-arguments.js';
import { translate } from './swift-arguments.js';

/** What plugins take beside a command: those that were chosen have values, the others none. */
export type LoadingFlags = QuantizerFlags & BackendFlags & PatcherFlags;
export type TrainingFlags = LoadingFlags & EngineFlags & TunerFlags & TrainerFlags & OptimizerFlags;

export type CommandValues<C extends CommandName> = ValuesOf<(typeof commandArguments)[C]> &
  (C extends TrainCommand ? TrainingFlags : LoadingFlags);

/** Of the commands that train; what only some of these take is absent with the others. */
export type TrainArguments = Omit<CommandValues<'pt'>, 'packing'> & {
  readonly packing?: boolean;
} & Partial<ValuesOf<typeof rlhfArguments & typeof taskArguments>>;

/** Told what an argument does here that SWIFT's user might not expect. */
export interface Hears {
  warn(message: string): void;
}

/** What a program's arguments are read with: its services. */
export interface Door {
  readonly log: Hears;
  readonly plugins: { readonly catalog: Catalog };
}

const EMITTED: Hears = { warn: (message) => process.emitWarning(message) };

/** A command's arguments from its words: an optional config file first, then flags, which win over the file. */
export function commandLine<C extends CommandName>(
  command: C,
  argv: readonly string[],
  log: Hears = EMITTED,
): CommandValues<C> {
  const { file, values, written } = wordsOf(argv);
  if (file !== undefined) checkCommand(command, file, values.get('command'));
  values.delete('command');
  const catalog = Catalog.discover(
    packagesIn(written) ?? packagesIn(values) ?? packagesOfRun(values, written),
  );
  // A flag wins over the file under whichever name each gives it.
  const names = everyName(command, catalog);
  const flagged = new Set([...written.keys()].map((name) => names.get(name) ?? name));
  const unflagged = [...values].filter(([name]) => !flagged.has(names.get(name) ?? name));
  return valuesOf(command, new Map([...unflagged, ...written]), log, catalog);
}

/** The plugins that a command's words name: in a flag, in its file, or in the run that it goes on from. */
export function pluginsNamed(argv: readonly string[]): readonly string[] {
  const { values, written } = wordsOf(argv);
  return packagesIn(written) ?? packagesIn(values) ?? packagesOfRun(values, written) ?? [];
}

interface Words {
  readonly file?: string;
  /** What the file gives. */
  readonly values: Map<string, GivenValue>;
  /** What flags give. */
  readonly written: Map<string, GivenValue>;
}

function wordsOf(argv: readonly string[]): Words {
  const { positional, flags } = parseFlags(argv);
  const [file, ...extra] = positional;
  if (extra.length > 0) {
    throw new SwiftError('BAD_ARGUMENT', `'${extra[0]}' is not expected here`, {
      cure: 'Arguments are flags (--name value); only a config file stands alone.',
    });
  }
  const written = new Map([...flags].map(([name, value]) => [name, { value, place: `--${name}` }]));
  if (file === undefined) return { values: new Map(), written };
  const { values, env } = readConfigFile(file);
  for (const [name, value] of Object.entries(env)) process.env[name] ??= String(value);
  return { file, values, written };
}

function packagesOfRun(
  values: ReadonlyMap<string, GivenValue>,
  written: ReadonlyMap<string, GivenValue>,
): readonly string[] | undefined {
  return packagesIn(runArguments(new Map([...values, ...written])));
}

/** A command's arguments from options of a program, named as flags are. @throws SwiftError as for flags */
export function commandOptions<C extends CommandName>(
  command: C,
  options: Readonly<Record<string, unknown>>,
  { log, plugins: { catalog } }: Door,
): CommandValues<C> {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return valuesOf(command, new Map(set.map(([name, value]) => [name, { value, place: name }])), log, catalog);
}

function valuesOf<C extends CommandName>(
  command: C,
  said: ReadonlyMap<string, GivenValue>,
  log: Hears,
  catalog: Catalog,
): CommandValues<C> {
  const asked = withRunArguments(everyName(command, catalog), said, runArguments(said));
  const schema = commandSchema(command, asked, catalog);
  const { known, others } = schema;
  const { given, notices: translated } = translate(known, knownOrSaid(known, said, asked));
  const taken = new Map(given);
  const notices = [...translated];
  for (const [written, { value, place }] of given) {
    const other = others.get(written);
    const why = other === undefined ? undefined : takenWithout(other);
    if (other === undefined || why === undefined) continue;
    const checked = checkValue(other.argument, value, place);
    if (checked instanceof SwiftError) throw checked;
    taken.delete(written);
    if (!isDeepStrictEqual(checked, other.argument.default)) notices.push(`${place} has no effect: ${why}`);
  }
  const values = resolveArguments(command, known, taken, {
    names: () => others.keys(),
    fault: (written, place) => {
      const other = others.get(written);
      return other === undefined ? undefined : notChosen(other, place, catalog);
    },
  }) as unknown as CommandValues<C>;
  // What a resumed run was given before has been said then.
  for (const notice of [...notices, ...idleArguments(schema, said, values)]) log.warn(notice);
  return values;
}

/** What is said, and of a resumed run's arguments those that the command takes now. */
function knownOrSaid(
  known: Arguments,
  said: ReadonlyMap<string, GivenValue>,
  asked: ReadonlyMap<string, GivenValue>,
): ReadonlyMap<string, GivenValue> {
  return new Map([...asked].filter(([name]) => said.has(name) || Object.hasOwn(known, name)));
}

/** A run's args.json is a config file that says which command it is for. @throws SwiftError BAD_FILE */
function checkCommand(command: string, file: string, named: GivenValue | undefined): void {
  if (named === undefined || named.value === command) return;
  throw new SwiftError('BAD_FILE', `${named.place}: these arguments are of swift ${String(named.value)}`, {
    cure: `swift ${String(named.value)} ${file} takes them.`,
  });
}
