import * as library from '@huggingface/tokenizers';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { withinTime } from '../within-time.js';
import { chatTemplateOf, specialTokensOf } from './definition.js';
import type { TokenizerDefinition } from './definition.js';
import { speedUp, type SlowEngine } from './faster-engine.js';
import { WholeWords } from './whole-words.js';

/** What is used of the library; its own declarations do not resolve under `moduleResolution: NodeNext`. */
interface Engine extends SlowEngine {
  encode(text: string, options?: { add_special_tokens: boolean }): { ids: (number | undefined)[] };
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(): Map<string, number>;
}

const { Tokenizer: EngineClass } = library as unknown as {
  Tokenizer: new (tokenizer: object, config: object) => Engine;
};

/** Milliseconds for one text. */
const MOST_TIME = 30_000;

/** A tokenizer made of a `tokenizer.json`, run by @huggingface/tokenizers. */
export class HfTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly bos_token_id?: number;
  readonly eos_token_id?: number;
  readonly pad_token_id?: number;
  readonly eos_token_ids: readonly number[];
  readonly suppress_tokens?: readonly number[];
  readonly begin_suppress_tokens?: readonly number[];
  readonly addsBos: boolean;
  readonly placeholders: ReadonlySet<number>;
  readonly addedTokens: readonly string[];
  readonly chat_template?: string;
  readonly specialTokens: Readonly<Record<string, string>>;
  readonly #engine: Engine;
  readonly #wholeWords?: { readonly words: WholeWords; readonly engine: Engine };
  readonly #specialIds: ReadonlySet<number>;

  /** Throws BAD_FILE when the definition is not one the engine can run. */
  constructor(readonly definition: TokenizerDefinition) {
    const { tokenizer: own, config, chatTemplate, eosTokenIds = [], placeholders = [] } = definition;
    const tokenizer = { ...own, added_tokens: [...own.added_tokens, ...placeholders] };
    this.#engine = startEngine({ ...definition, tokenizer });
    const words = WholeWords.of(tokenizer.added_tokens);
    if (words !== undefined) {
      const marked = { ...definition, tokenizer: { ...tokenizer, added_tokens: words.marked } };
      this.#wholeWords = { words, engine: startEngine(marked) };
    }
    this.specialTokens = specialTokensOf(config);
    this.bos_token_id = this.#idOf('bos_token');
    this.eos_token_id = this.#idOf('eos_token');
    this.pad_token_id = this.#idOf('pad_token');
    this.eos_token_ids = eosTokenIds;
    this.placeholders = new Set(placeholders.map(({ id }) => id));
    this.suppress_tokens = definition.suppress_tokens;
    this.begin_suppress_tokens = definition.begin_suppress_tokens;
    this.chat_template = chatTemplate ?? chatTemplateOf(config);
    this.addedTokens = tokenizer.added_tokens.map(({ content }) => content);
    const ids = [...this.#engine.get_vocab().values()];
    this.vocabSize = ids.reduce((most, id) => Math.max(most, id + 1), 0);
    const special = new Set(Object.values(this.specialTokens));
    this.#specialIds = new Set(
      tokenizer.added_tokens
        .filter((token) => token.special || special.has(token.content))
        .map((token) => token.id),
    );
    const start = this.bos_token_id ?? this.#idOf('cls_token');
    this.addsBos =
      start !== undefined &&
      (typeof config.add_bos_token === 'boolean'
        ? config.add_bos_token
        : this.#used(() => this.#engine.encode('').ids).includes(start));
  }

  encode(text: string): number[] {
    if (text === '') return [];
    const { words, engine } = this.#wholeWords ?? { words: undefined, engine: this.#engine };
    const marked = words?.mark(text) ?? text;
    const run = (): (number | undefined)[] =>
      this.#used(() => engine.encode(marked, { add_special_tokens: false }).ids);
    // The engine maps a piece outside the vocabulary to `undefined` when there is no unknown token.
    const ids = withinTime(MOST_TIME, run, () => this.#tooSlow(text));
    return ids.includes(undefined) ? ids.filter((id) => id !== undefined) : (ids as number[]);
  }

  /**
   * Never "cleans up" spaces before punctuation, whatever tokenizer_config says: that would make
   * decode(encode(text)) differ from text and a streamed answer differ from a finished one.
   */
  decode(ids: readonly number[], { skipSpecialTokens = false } = {}): string {
    const kept = skipSpecialTokens ? ids.filter((id) => !this.#specialIds.has(id)) : [...ids];
    const options = { clean_up_tokenization_spaces: false };
    return kept.length === 0 ? '' : this.#used(() => this.#engine.decode(kept, options));
  }

  tokenToId(token: string): number | undefined {
    return this.#engine.token_to_id(token);
  }

  idToToken(id: number): string | undefined {
    return this.#engine.id_to_token(id);
  }

  /** What the engine stumbles over at work is a part of the file that it took for one of its own. */
  #used<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error) || error instanceof RangeError || 'code' in error) throw error;
      throw cannotBeUsed(this.definition.folder, error);
    }
  }

  #tooSlow(text: string): SwiftError {
    const place = this.definition.folder === undefined ? '' : ` of ${this.definition.folder}`;
    const what = `a text of ${text.length} characters takes the tokenizer${place} longer than ${MOST_TIME / 1000} s`;
    return new SwiftError('BAD_FILE', `${what}.`, {
      cure: 'Shorten the text; if it is short, a pattern of tokenizer.json cannot get through it.',
    });
  }

  #idOf(attribute: string): number | undefined {
    const token = this.specialTokens[attribute];
    return token === undefined ? undefined : this.#engine.token_to_id(token);
  }
}

function startEngine({ tokenizer, config, folder }: TokenizerDefinition): Engine {
  try {
    const engine = new EngineClass(tokenizer, config);
    speedUp(engine);
    return engine;
  } catch (cause) {
    throw cannotBeUsed(folder, cause);
  }
}

function cannotBeUsed(folder: string | undefined, cause: unknown): SwiftError {
  const place = folder === undefined ? 'The tokenizer' : `${folder}/tokenizer.json`;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SwiftError('BAD_FILE', `${place} cannot be used: ${reason}`, {
    cure: 'Download the checkpoint again, or take tokenizer.json from the base model.',
    cause,
  });
}
