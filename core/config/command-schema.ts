/** What a command takes: its own arguments, and those of the plugins that the user chose. */
import { SwiftError } from '../errors.js';
import type { Catalog, Listed } from '../registry/catalog.js';
import type { PluginKind } from '../registry/kinds.js';
import type { Argument, Arguments } from './argument.js';
import { expectedOf } from './accepted-values.js';
import { commandArguments, commandPlugins, type CommandName } from './commands.js';
import { argumentsOf, checkClaims, ownerOf, pluginClaims, soundArgumentsOf } from './plugin-arguments.js';
import { canonicalNames, type GivenValue } from './resolve.js';

/** A plugin that was chosen. */
export interface Chosen {
  readonly kind: PluginKind;
  readonly id: string;
  /** Absent where there is no plugin of that id, which the run says when it looks for it. */
  readonly entry?: Listed;
  readonly arguments: Arguments;
  /** The argument that chose it; absent where the command did. */
  readonly by?: string;
}

/** An argument of plugins that were not chosen. */
export interface OtherArgument {
  readonly name: string;
  readonly argument: Argument;
  readonly kind: PluginKind;
  readonly owners: readonly Listed[];
  readonly chosen: Chosen;
}

export interface CommandSchema {
  readonly command: CommandName;
  readonly known: Arguments;
  readonly chosen: readonly Chosen[];
  /** By every name they go by. */
  readonly others: ReadonlyMap<string, OtherArgument>;
}

/** The schema for what is given so far. @throws SwiftError BAD_PLUGIN, DUPLICATE_PLUGIN of a chosen plugin */
export function commandSchema(
  command: CommandName,
  given: ReadonlyMap<string, GivenValue>,
  catalog: Catalog,
): CommandSchema {
  const base: Arguments = commandArguments[command];
  const fixed = Object.entries(commandPlugins[command] ?? {}).map(([kind, id]) =>
    choose(catalog, kind as PluginKind, id),
  );
  const pickedBy = (known: Arguments): Chosen[] =>
    Object.entries(known).flatMap(([name, argument]) =>
      argument.chooses === undefined
        ? []
        : wordsOf(name, argument, given).map((word) => choose(catalog, argument.chooses!, word, name)),
    );
  const trainer = pickedBy(base).filter(({ kind }) => kind === 'trainer');
  const preferring = [...fixed, ...trainer];
  const defaults: Record<string, unknown> = Object.assign(
    {},
    ...preferring.map(({ entry }) => entry?.defaults),
  );
  const own = withDefaults(base, defaults, preferring);
  const picked = pickedBy(own);
  const patchers = patchesModels(command)
    ? catalog.list('patcher').map(({ id }) => choose(catalog, 'patcher', id))
    : [];
  const chosen = [...fixed, ...picked, ...patchers];
  checkClaims([
    { owner: `swift ${command}`, arguments: base },
    ...chosen.map(({ kind, entry, arguments: declared }) => ({
      owner: entry ? ownerOf(kind, entry) : kind,
      arguments: declared,
    })),
  ]);
  const declared: Arguments = Object.assign({}, ...chosen.map((one) => one.arguments));
  const known = { ...own, ...withDefaults(declared, defaults, preferring) };
  // Of a kind that may be left out, nothing is chosen, and its arguments are others' even so.
  const none = Object.entries(own).flatMap(([by, { chooses: kind }]): Chosen[] =>
    kind === undefined || chosen.some((one) => one.kind === kind)
      ? []
      : [{ kind, id: '', arguments: {}, by }],
  );
  return { command, known, chosen, others: otherArguments(catalog, known, [...chosen, ...none]) };
}

/** Every name that the command takes or that a plugin of it could make it take -> the one it is declared under. */
export function everyName(command: CommandName, catalog: Catalog): ReadonlyMap<string, string> {
  const plugins = pluginClaims(catalog, kindsOf(command)).map((one) => one.arguments);
  const records = [commandArguments[command], ...plugins];
  return new Map(records.flatMap((record) => [...canonicalNames(record)]).reverse());
}

/** The kinds of plugins whose arguments a command may take. */
export function kindsOf(command: CommandName): readonly PluginKind[] {
  const chosen = Object.values<Argument>(commandArguments[command]).flatMap(({ chooses }) => chooses ?? []);
  const fixed = Object.keys(commandPlugins[command] ?? {}) as PluginKind[];
  return [...fixed, ...chosen, ...(patchesModels(command) ? (['patcher'] as const) : [])];
}

/** Whether a command builds a model, and so takes what patchers take. */
function patchesModels(command: CommandName): boolean {
  return 'quant_bits' in commandArguments[command];
}

function choose(catalog: Catalog, kind: PluginKind, id: string, by?: string): Chosen {
  const entry = catalog.has(kind, id) ? catalog.find(kind, id) : undefined;
  return { kind, id: entry?.id ?? id, entry, arguments: entry ? argumentsOf(kind, entry) : {}, by };
}

/** The id that is given for a plugin, or the ids for several, under any of the argument's names. */
function wordsOf(
  name: string,
  { kind, aliases, idWords = {}, default: value }: Argument,
  given: ReadonlyMap<string, GivenValue>,
): readonly string[] {
  const word = [name, ...aliases].map((one) => given.get(one)?.value).find((one) => one != null) ?? value;
  const words = (Array.isArray(word) ? (word as unknown[]) : [word])
    .map(String)
    .map((one) => (Object.hasOwn(idWords, one) ? idWords[one] : one));
  return kind === 'strings' || words.length === 1 ? words : [words.join()];
}

/** What the command's trainer prefers, e.g. pre-training that everything trains. */
function withDefaults(
  known: Arguments,
  defaults: Readonly<Record<string, unknown>>,
  preferring: readonly Chosen[],
): Arguments {
  return Object.fromEntries(
    Object.entries(known).map(([name, argument]) => {
      if (!Object.hasOwn(defaults, name)) return [name, argument];
      const value = defaults[name];
      if (expectedOf(argument, value) === undefined) return [name, { ...argument, default: value }];
      const owners = preferring.map(({ kind, entry }) => ownerOf(kind, entry!)).join(', ');
      throw new SwiftError('BAD_PLUGIN', `${owners}: its default for '${name}' is not accepted there`);
    }),
  );
}

function otherArguments(
  catalog: Catalog,
  known: Arguments,
  chosen: readonly Chosen[],
): ReadonlyMap<string, OtherArgument> {
  const names = new Set(Object.entries(known).flatMap(([name, { aliases }]) => [name, ...aliases]));
  const others = new Map<string, OtherArgument>();
  for (const one of chosen) {
    for (const entry of catalog.list(one.kind)) {
      if (entry.id === one.id) continue;
      for (const [name, argument] of Object.entries(soundArgumentsOf(one.kind, entry))) {
        for (const written of [name, ...argument.aliases]) {
          if (names.has(written)) continue;
          const held = others.get(written);
          if (held && held.kind !== one.kind) continue;
          const owners = [...(held?.owners ?? []), entry];
          others.set(written, { name, argument, kind: one.kind, chosen: one, ...held, owners });
        }
      }
    }
  }
  return others;
}

/** Why an argument of plugins that were not chosen is taken even so; undefined where it is refused. */
export function takenWithout({ owners, chosen }: OtherArgument): string | undefined {
  return owners
    .map(({ without_effect }) => without_effect?.[chosen.id])
    .find((why) => typeof why === 'string');
}

/** An argument of a plugin that was not chosen. */
export function notChosen(
  { name, kind, owners, chosen }: OtherArgument,
  place: string,
  catalog: Catalog,
): SwiftError {
  // Whose id names nothing chose nothing.
  if (!chosen.entry && chosen.id !== '') catalog.find(kind, chosen.id);
  const whose = owners.map(({ id }) => id).join(', ');
  const choice = chosen.by === undefined ? [] : [`Or choose that ${kind}: --${chosen.by} ${owners[0].id}.`];
  return new SwiftError(
    'BAD_ARGUMENT',
    `${place}: '${name}' is of ${kind} ${whose}, and ${chosen.id === '' ? 'none' : chosen.id} is chosen`,
    {
      cure: ['Leave it out.', ...choice],
    },
  );
}
