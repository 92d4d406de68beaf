import { z } from 'zod';

export type ArgumentKind = 'string' | 'int' | 'float' | 'bool' | 'strings' | 'choice';

/** One argument: the source of its flag, its YAML key, its help line and its row in the reference. */
export interface Argument<T = unknown> {
  readonly kind: ArgumentKind;
  readonly schema: z.ZodType<T>;
  readonly default: T;
  readonly help: string;
  /** What null stands for, e.g. `1e-4 for adapters, 1e-5 for full`. */
  readonly derived?: string;
  /** Other names, newer SWIFT versions' among them. */
  readonly aliases: readonly string[];
  readonly choices?: readonly string[];
  /** Other spellings of a choice. */
  readonly choiceAliases?: Readonly<Record<string, string>>;
}

interface Info<T> {
  readonly default: T;
  readonly help: string;
  readonly derived?: string;
  readonly aliases?: readonly string[];
}

interface NumberInfo<T> extends Info<T> {
  readonly min?: number;
  readonly max?: number;
  /** `min` itself is not allowed. */
  readonly above?: boolean;
  /** `max` itself is not allowed. */
  readonly below?: boolean;
}

function argument<T>(kind: ArgumentKind, schema: z.ZodType<T>, info: Info<T>): Argument<T> {
  return { kind, schema, ...info, aliases: info.aliases ?? [] };
}

function bounded(base: z.ZodNumber, { min, max, above, below }: NumberInfo<unknown>): z.ZodNumber {
  const low = min === undefined ? base : above ? base.gt(min) : base.gte(min);
  return max === undefined ? low : below ? low.lt(max) : low.lte(max);
}

export const string = (info: Info<string>): Argument<string> => argument('string', z.string(), info);

export const optionalString = (info: Omit<Info<string | null>, 'default'>): Argument<string | null> =>
  argument('string', z.string().nullable(), { default: null, ...info });

export const int = (info: NumberInfo<number>): Argument<number> =>
  argument('int', bounded(z.number().int(), info), info);

export const optionalInt = (info: Omit<NumberInfo<number | null>, 'default'>): Argument<number | null> =>
  argument('int', bounded(z.number().int(), { default: null, ...info }).nullable(), {
    default: null,
    ...info,
  });

export const float = (info: NumberInfo<number>): Argument<number> =>
  argument('float', bounded(z.number(), info), info);

export const optionalFloat = (info: Omit<NumberInfo<number | null>, 'default'>): Argument<number | null> =>
  argument('float', bounded(z.number(), { default: null, ...info }).nullable(), { default: null, ...info });

export const bool = (info: Info<boolean>): Argument<boolean> => argument('bool', z.boolean(), info);

export const optionalBool = (info: Omit<Info<boolean | null>, 'default'>): Argument<boolean | null> =>
  argument('bool', z.boolean().nullable(), { default: null, ...info });

export const strings = (info: Info<readonly string[]>): Argument<readonly string[]> =>
  argument('strings', z.array(z.string()), info);

/** A list of which every entry is one of a few. */
export const choices = <const C extends readonly [string, ...string[]]>(
  of: C,
  info: Info<readonly C[number][]>,
): Argument<readonly C[number][]> => ({ ...argument('strings', z.array(z.enum(of)), info), choices: of });

export function choice<const C extends readonly [string, ...string[]]>(
  choices: C,
  info: Info<C[number]> & { readonly choiceAliases?: Readonly<Record<string, C[number]>> },
): Argument<C[number]> {
  const { choiceAliases, ...rest } = info;
  return { ...argument('choice', z.enum(choices), rest), choices, choiceAliases };
}

export type Arguments = Readonly<Record<string, Argument>>;

/** The resolved values of a set of arguments. */
export type ValuesOf<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};
