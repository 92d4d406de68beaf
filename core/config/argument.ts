/** What an argument is, as data: commands declare theirs here, plugins in their decorators, and registry.json holds both. */
import type { PluginKind } from '../registry/kinds.js';

export const ARGUMENT_KINDS = ['string', 'int', 'float', 'bool', 'strings', 'floats', 'choice'] as const;
export type ArgumentKind = (typeof ARGUMENT_KINDS)[number];

/**
 * One argument: the source of its flag, its YAML key, its option in programs, its help line and its row in the
 * reference. Nothing but JSON.
 */
export interface Argument<T = unknown> {
  readonly kind: ArgumentKind;
  readonly default: T;
  readonly help: string;
  /** What null stands for, e.g. `1e-4 for adapters, 1e-5 for full`. */
  readonly derived?: string;
  /** Other names, newer SWIFT versions' among them. */
  readonly aliases: readonly string[];
  /** null is a value too: not given. */
  readonly nullable?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** `min` itself is not allowed. */
  readonly above?: boolean;
  /** `max` itself is not allowed. */
  readonly below?: boolean;
  /** The only values there are; of a list, of its entries. */
  readonly choices?: readonly (string | number)[];
  /** Other spellings of a choice. */
  readonly choiceAliases?: Readonly<Record<string, string>>;
  /** Its value is the id of a plugin of this kind, or a list of some, whose arguments the command then takes as well. */
  readonly chooses?: PluginKind;
  /** Words for the ids of some of these plugins, e.g. `causal_lm` for the trainer `sft`. */
  readonly idWords?: Readonly<Record<string, string>>;
  /** Words of a list that stand for what the model's plugin says. */
  readonly ofModel?: Readonly<Record<string, 'lora_target_modules'>>;
  /** Of a list: an entry with this ending, e.g. `.txt`, names a file, whose lines are entries. */
  readonly listFile?: string;
  /** Another argument that leaves this one without effect once it has a value, and why. */
  readonly yieldsTo?: { readonly argument: string; readonly why: string };
}

type Special = Partial<
  Pick<Argument, 'aliases' | 'derived' | 'chooses' | 'idWords' | 'ofModel' | 'yieldsTo' | 'listFile'>
>;

interface Info<T> extends Special {
  readonly default: T;
  readonly help: string;
}

interface NumberInfo<T> extends Info<T> {
  readonly min?: number;
  readonly max?: number;
  /** `min` itself is not allowed. */
  readonly above?: boolean;
  /** `max` itself is not allowed. */
  readonly below?: boolean;
  /** The only values there are. */
  readonly choices?: readonly number[];
}

type Optional<I> = Omit<I, 'default'>;

function argument<T>(kind: ArgumentKind, info: Info<T>): Argument<T> {
  return { kind, ...info, aliases: info.aliases ?? [] };
}

function optional<T>(kind: ArgumentKind, info: Optional<Info<T | null>>): Argument<T | null> {
  return { ...argument<T | null>(kind, { ...info, default: null }), nullable: true };
}

export const string = (info: Info<string>): Argument<string> => argument('string', info);

export const optionalString = (info: Optional<Info<string | null>>): Argument<string | null> =>
  optional('string', info);

export const int = (info: NumberInfo<number>): Argument<number> => argument('int', info);

export const optionalInt = (info: Optional<NumberInfo<number | null>>): Argument<number | null> =>
  optional('int', info);

export const float = (info: NumberInfo<number>): Argument<number> => argument('float', info);

export const optionalFloat = (info: Optional<NumberInfo<number | null>>): Argument<number | null> =>
  optional('float', info);

export const bool = (info: Info<boolean>): Argument<boolean> => argument('bool', info);

export const optionalBool = (info: Optional<Info<boolean | null>>): Argument<boolean | null> =>
  optional('bool', info);

export const strings = (info: Info<readonly string[]>): Argument<readonly string[]> =>
  argument('strings', info);

/** A list of numbers, each within the bounds. */
export const floats = (info: NumberInfo<readonly number[]>): Argument<readonly number[]> =>
  argument('floats', info);

/** A list of which every entry is one of a few. */
export const choices = <const C extends readonly [string, ...string[]]>(
  of: C,
  info: Info<readonly C[number][]>,
): Argument<readonly C[number][]> => ({ ...argument('strings', info), choices: of });

export const choice = <const C extends readonly [string, ...string[]]>(
  of: C,
  info: Info<C[number]> & { readonly choiceAliases?: Readonly<Record<string, C[number]>> },
): Argument<C[number]> => ({ ...argument('choice', info), choices: of });

export const optionalChoice = <const C extends readonly [string, ...string[]]>(
  of: C,
  info: Optional<Info<C[number] | null>>,
): Argument<C[number] | null> => ({ ...optional<C[number] | null>('choice', info), choices: of });

export type Arguments = Readonly<Record<string, Argument>>;

/** The resolved values of a set of arguments. */
export type ValuesOf<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};
