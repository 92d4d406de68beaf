/** The JSON files a tokenizer is made of, as far as this platform reads them. */

export interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
}

/** `tokenizer.json` of the Hugging Face tokenizers library. */
export interface TokenizerJson {
  readonly version?: string;
  readonly added_tokens: readonly AddedTokenJson[];
  readonly normalizer: unknown;
  readonly pre_tokenizer: unknown;
  readonly post_processor: unknown;
  readonly decoder: unknown;
  readonly model: Readonly<Record<string, unknown>>;
}

/** `tokenizer_config.json`; a token is written as its text or as `{ content: text }`. */
export type TokenizerConfigJson = Readonly<Record<string, unknown>>;

/** Everything needed to build a tokenizer, and to write it beside a checkpoint. */
export interface TokenizerDefinition {
  readonly tokenizer: TokenizerJson;
  readonly config: TokenizerConfigJson;
  /** `chat_template.jinja`, which outranks `chat_template` of the configuration. */
  readonly chatTemplate?: string;
  readonly eosTokenIds?: readonly number[];
  /** See `Tokenizer`. */
  readonly suppress_tokens?: readonly number[];
  readonly begin_suppress_tokens?: readonly number[];
  /** The folder the files were read from; absent for a tokenizer built from GGUF metadata. */
  readonly folder?: string;
  /** Tokens that those files lack. */
  readonly added?: readonly AddedTokenJson[];
  /** Tokens that stand for media while the tokenizer is used; no file names them. */
  readonly placeholders?: readonly AddedTokenJson[];
}

/** Text of a token entry in `tokenizer_config.json`, or undefined. */
export function tokenText(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (
    typeof entry === 'object' &&
    entry !== null &&
    'content' in entry &&
    typeof entry.content === 'string'
  ) {
    return entry.content;
  }
  return undefined;
}

/** Special tokens by attribute name (`bos_token`, `eos_token`, ...), as a chat template sees them. */
export function specialTokensOf(config: TokenizerConfigJson): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, entry] of Object.entries(config)) {
    const text = name.endsWith('_token') ? tokenText(entry) : undefined;
    if (text !== undefined) found[name] = text;
  }
  return found;
}

/** The default chat template: `chat_template` is one Jinja text, or a list of `{ name, template }`. */
export function chatTemplateOf(config: TokenizerConfigJson): string | undefined {
  const value = config.chat_template;
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const entries = value as readonly { name?: unknown; template?: unknown }[];
  const entry = entries.find(({ name }) => name === 'default') ?? entries[0];
  return typeof entry?.template === 'string' ? entry.template : undefined;
}
