/** Tokens that a model is to have besides its own: its tokenizer says them, and its tables have rows for them. */
import type { ModelConfig } from '../contracts/model-loader.js';
import { counted } from '../counted.js';
import type { Log } from '../contracts/log.js';
import { withFields } from '../io/json-text.js';
import { definitionOf, withAddedTokens, withSpecialTokens } from '../tokenizer/index.js';
import type { ModelSource } from './model-source.js';

/** Tokens that were added to a model's files. */
export interface NewTokens {
  readonly ids: readonly number[];
  /** Rows that its embedding has in the files. */
  readonly rows: number;
}

/** A model's files as they would be with these special tokens; the same where it has them. @throws SwiftError */
export async function withNewTokens(
  source: ModelSource,
  wanted: readonly string[],
  log: Pick<Log, 'info'>,
): Promise<ModelSource> {
  const own = await source.tokenizer();
  const before = definitionOf(own);
  const definition = withSpecialTokens(before, wanted, (token) => own.tokenToId(token), own.vocabSize);
  const ids = definition.tokenizer.added_tokens
    .slice(before.tokenizer.added_tokens.length)
    .map(({ id }) => id);
  const known = wanted.filter((token) => own.tokenToId(token) !== undefined);
  if (known.length > 0) log.info(`model: tokens already, and special from now on: ${known.join(', ')}`);
  if (ids.length === 0) return source;
  const { HfTokenizer } = await import('../tokenizer/hf-tokenizer.js');
  const tokenizer = new HfTokenizer(definition);
  const rows = rowsOf(source.config);
  const needed = Math.max(rows, ...ids.map((id) => id + 1));
  const grows =
    needed > rows ? `embedding and head grow from ${rows} to ${needed} rows` : `it has rows for them`;
  log.info(`model: ${counted(ids.length, 'token is', 'tokens are')} new (ids ${ids.join(', ')}): ${grows}`);
  const fields = needed > rows ? withRows(source.config, needed) : {};
  return {
    ...source,
    config: { ...source.config, ...fields },
    configText: source.configText && withFields(source.configText, fields),
    newTokens: { ids, rows },
    tokenizer: () => Promise.resolve(tokenizer),
    carriedFiles: () =>
      new Map(
        [...source.carriedFiles()].map(([name, content]) => {
          const text = Buffer.from(content).toString();
          const said = withAddedTokens(name, text, definition);
          return [name, said === text ? content : Buffer.from(said)];
        }),
      ),
  };
}

interface Nested {
  readonly vocab_size?: number;
}

/** Of a model that sees, its text model's. */
function rowsOf({ vocab_size, text_config }: ModelConfig): number {
  return Number(vocab_size ?? (text_config as Nested | undefined)?.vocab_size ?? 0);
}

/** Fields of a config that say how many rows there are. */
function withRows({ vocab_size, text_config }: ModelConfig, rows: number): Readonly<Record<string, unknown>> {
  const nested = text_config as Nested | undefined;
  return {
    ...((vocab_size !== undefined || nested?.vocab_size === undefined) && { vocab_size: rows }),
    ...(nested?.vocab_size !== undefined && { text_config: { ...nested, vocab_size: rows } }),
  };
}
