/** The arguments that plugins declare, as registry.json says them: read, checked, and held against each other. */
import { isDeepStrictEqual } from 'node:util';
import { isSwiftError, SwiftError } from '../errors.js';
import type { Catalog, Listed } from '../registry/catalog.js';
import type { PluginKind } from '../registry/kinds.js';
import { ARGUMENT_KINDS, type Argument, type Arguments } from './argument.js';
import { expectedOf } from './accepted-values.js';

/** Names that mean something else wherever arguments are given or written. */
const RESERVED: ReadonlySet<string> = new Set(['command', 'help', 'h', 'ENV']);

/** A set of arguments with whose they are, for errors: `tuner 'lora' of swift-ts`. */
export interface Claim {
  readonly owner: string;
  readonly arguments: Arguments;
  /** Only one of these takes part in a command, and each may mean something else by a name. */
  readonly oneOf?: PluginKind;
}

export function ownerOf(kind: PluginKind, { id, source }: Listed): string {
  return `${kind} '${id}' of ${source.name}`;
}

const read = new WeakMap<object, Arguments>();

/** What a plugin declares; none where it declares nothing. @throws SwiftError BAD_PLUGIN for what are no arguments */
export function argumentsOf(kind: PluginKind, entry: Listed): Arguments {
  const declared: unknown = entry.arguments;
  if (declared === undefined) return {};
  const bad = (fault: string): SwiftError =>
    new SwiftError('BAD_PLUGIN', `${ownerOf(kind, entry)}: ${fault}`, {
      cure: `Report it to the author of ${entry.source.name}.`,
    });
  if (!isMap(declared)) throw bad("its 'arguments' are no map");
  const held = read.get(declared);
  if (held) return held;
  const checked = Object.fromEntries(
    Object.entries(declared).map(([name, argument]) => [name, checkedArgument(name, argument, bad)]),
  );
  read.set(declared, checked);
  return checked;
}

/** The same, for a plugin that nobody chose: one with broken arguments has none. */
export function soundArgumentsOf(kind: PluginKind, entry: Listed): Arguments {
  try {
    return argumentsOf(kind, entry);
  } catch (error) {
    if (isSwiftError(error)) return {};
    throw error;
  }
}

/** Every plugin of some kinds with the arguments it declares. */
export function pluginClaims(catalog: Catalog, kinds: Iterable<PluginKind>): readonly Claim[] {
  return [...kinds].flatMap((kind) =>
    catalog.list(kind).map((entry) => ({
      owner: ownerOf(kind, entry),
      arguments: soundArgumentsOf(kind, entry),
    })),
  );
}

function checkedArgument(name: string, argument: unknown, bad: (fault: string) => SwiftError): Argument {
  if (!isName(name)) throw bad(`an argument cannot be called '${name}'`);
  const fault = faultOf(argument);
  if (fault !== undefined) throw bad(`its argument '${name}' ${fault}`);
  const { aliases = [], ...rest } = argument as Argument;
  return { ...rest, aliases };
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[A-Za-z]\w*$/.test(name) && !RESERVED.has(name) && !(name in {});
}

/** What is wrong with the description of an argument, if anything is. */
function faultOf(argument: unknown): string | undefined {
  if (!isMap(argument)) return 'is no description of one';
  const { kind, help, aliases = [], choices, choiceAliases = {}, ofModel = {} } = argument;
  if (!ARGUMENT_KINDS.some((one) => one === kind)) return `has no kind of ${ARGUMENT_KINDS.join(', ')}`;
  if (typeof help !== 'string' || help === '') return 'has no help';
  if (!Array.isArray(aliases) || !aliases.every(isName)) return 'has aliases that are no names';
  if (choices !== undefined && !isChoices(choices)) return 'has choices that are no list of values';
  if (kind === 'choice' && choices === undefined) return 'has no choices';
  for (const bound of ['min', 'max'] as const) {
    if (argument[bound] !== undefined && !Number.isFinite(argument[bound]))
      return `has a ${bound} that is no number`;
  }
  if (!isTexts(choiceAliases) || !isTexts(ofModel)) return 'has other spellings that are no texts';
  if ('chooses' in argument) return 'chooses a plugin, which only a command does';
  const { yieldsTo, listFile = '.txt' } = argument;
  if (typeof listFile !== 'string' || !listFile.startsWith('.')) return 'has a listFile that is no ending';
  if (yieldsTo !== undefined && !(isTexts(yieldsTo) && 'argument' in yieldsTo && 'why' in yieldsTo))
    return 'yields to no argument';
  const expected = expectedOf(argument as unknown as Argument, argument.default);
  return expected === undefined
    ? undefined
    : `does not accept its own default ${JSON.stringify(argument.default)}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isMap(value) && Object.values(value).every((one) => typeof one === 'string');
}

function isChoices(value: unknown): boolean {
  const isOne = (one: unknown): boolean => ['string', 'number'].includes(typeof one);
  return Array.isArray(value) && value.length > 0 && value.every(isOne);
}

/**
 * Several may declare an argument alike: that is one flag.
 *
 * @throws SwiftError DUPLICATE_PLUGIN naming two that mean different things by one name
 */
export function checkClaims(claims: readonly Claim[]): void {
  const held = new Map<string, Omit<Claim, 'arguments'> & { name: string; argument: Argument }>();
  for (const { owner, oneOf, arguments: declared } of claims) {
    for (const [name, argument] of Object.entries(declared)) {
      for (const written of [name, ...argument.aliases]) {
        const other = held.get(written);
        if (!other) held.set(written, { owner, oneOf, name, argument });
        else if (
          other.name !== name ||
          !(isEither(other, oneOf) || isSameArgument(other.argument, argument))
        ) {
          throw new SwiftError(
            'DUPLICATE_PLUGIN',
            `${other.owner} and ${owner} mean different things by the argument '${written}'`,
            { cure: `Declare it alike in both (they may share its description), or name one otherwise.` },
          );
        }
      }
    }
  }
}

const isEither = (other: Pick<Claim, 'oneOf'>, oneOf: Claim['oneOf']): boolean =>
  oneOf !== undefined && other.oneOf === oneOf;

/** Whether two say the same flag, in whatever words. */
function isSameArgument(one: Argument, other: Argument): boolean {
  return isDeepStrictEqual(meaningOf(one), meaningOf(other));
}

function meaningOf(argument: Argument): object {
  const { help: _help, derived: _derived, aliases, ...meaning } = argument;
  const said = Object.entries(meaning).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), aliases: [...aliases].sort() };
}
