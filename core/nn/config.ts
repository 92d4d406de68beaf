/** The fields of a config.json. */
export type Config = Readonly<Record<string, unknown>>;

/** A field of config.json that a builder cannot work with. The caller turns it into a message with the file's name. */
export class ConfigError extends Error {
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`${field} is ${JSON.stringify(value)}, expected ${expected}`);
  }
}

/** What a family calls a field, where that is not Llama's name: `{ hidden_size: 'n_embd' }`. */
export type FieldNames = Readonly<Record<string, string>>;

/** Reads fields of a config.json under Llama's names; complaints use the family's. */
export class ConfigReader {
  constructor(
    readonly config: Config,
    private readonly fieldNames: FieldNames = {},
  ) {}

  /** A nested object, such as `attn_config`; an empty one where there is none. */
  nested(field: string): ConfigReader {
    return new ConfigReader((this.get(field) ?? {}) as Config);
  }

  /** The same config with some fields replaced. */
  with(fields: Config): ConfigReader {
    return new ConfigReader({ ...this.config, ...fields }, this.fieldNames);
  }

  get(field: string): unknown {
    return this.config[this.nameOf(field)] ?? undefined;
  }

  /** Whether config.json has the field. */
  has(field: string): boolean {
    return this.get(field) !== undefined;
  }

  /** @throws ConfigError unless the field, or `fallback` where it is absent, is a positive whole number */
  count(field: string, fallback?: number): number {
    const value = this.get(field) ?? fallback;
    if (!Number.isInteger(value) || (value as number) < 1) throw this.error(field, 'a positive whole number');
    return value as number;
  }

  /** @throws ConfigError unless the field, or `fallback` where it is absent, is a finite number */
  number(field: string, fallback?: number): number {
    const value = this.get(field) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.error(field, 'a number');
    return value;
  }

  /** Null is false, as in Python; `fallback` is for a field that is absent. */
  flag(field: string, fallback = false): boolean {
    const value = this.config[this.nameOf(field)];
    return Boolean(value === undefined ? fallback : value);
  }

  /** A number that null turns off; `fallback` is for a field that is absent. @throws ConfigError */
  optionalNumber(field: string, fallback?: number): number | undefined {
    const value = this.config[this.nameOf(field)];
    return value === null || (value === undefined && fallback === undefined)
      ? undefined
      : this.number(field, fallback);
  }

  /** One word per layer. @throws ConfigError unless the field is absent or a list of so many of `words` */
  layerWords(field: string, words: readonly string[], layers: number): readonly string[] | undefined {
    const value = this.get(field);
    if (value === undefined) return undefined;
    const isList =
      Array.isArray(value) && value.length >= layers && value.every((word) => words.includes(word as string));
    if (!isList)
      throw this.error(field, `a list of ${layers} of ${words.map((word) => `'${word}'`).join(' and ')}`);
    return value as string[];
  }

  /** @throws ConfigError unless the field, or `fallback` where it is absent, is one of `choices` */
  choice<T extends string>(field: string, choices: readonly T[], fallback?: T): T {
    const value = this.get(field) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.error(field, choices.map((choice) => `'${choice}'`).join(' or '));
    return found;
  }

  /** @throws ConfigError unless the field is a list of numbers */
  numbers(field: string): readonly number[] {
    const value = this.get(field);
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'number'))
      throw this.error(field, 'a list of numbers');
    return value;
  }

  /** @throws ConfigError unless the field is absent or `value`, the one that this family is built with */
  only(field: string, value: unknown): void {
    if (this.has(field) && this.get(field) !== value) throw this.error(field, JSON.stringify(value));
  }

  error(field: string, expected: string): ConfigError {
    return new ConfigError(this.nameOf(field), this.get(field), expected);
  }

  private nameOf(field: string): string {
    return this.fieldNames[field] ?? field;
  }
}
