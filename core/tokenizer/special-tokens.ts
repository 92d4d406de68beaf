/** Special tokens beside those of a tokenizer's files. */
import type { AddedTokenJson, TokenizerDefinition } from './definition.js';

/** Options of a token that is found wherever it stands. */
export const AS_IT_IS = {
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
} as const;

/**
 * A definition with those of the tokens that it lacks. One that is a word of the vocabulary keeps its id; others get the ids
 * behind the last, as in transformers.
 * @param idOf the ids of the tokens and words that there are
 * @param next the first id that is free
 */
export function withSpecialTokens(
  definition: TokenizerDefinition,
  wanted: readonly string[],
  idOf: (token: string) => number | undefined,
  next: number,
): TokenizerDefinition {
  const known = new Set(definition.tokenizer.added_tokens.map(({ content }) => content));
  let free = next;
  const added = wanted
    .filter((content) => !known.has(content))
    .map((content): AddedTokenJson => ({ id: idOf(content) ?? free++, content, ...AS_IT_IS }));
  if (added.length === 0) return definition;
  const { tokenizer, config } = definition;
  return {
    ...definition,
    tokenizer: { ...tokenizer, added_tokens: [...tokenizer.added_tokens, ...added] },
    config: withNamed(config, added),
    added: [...(definition.added ?? []), ...added],
  };
}

/** Files of a tokenizer that name special tokens. */
const NAMING = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
] as const;

/** The text of one of a tokenizer's files with tokens that were added; as it is where it names none. */
export function withAddedTokens(
  name: string,
  text: string,
  { tokenizer, added = [] }: Pick<TokenizerDefinition, 'tokenizer' | 'added'>,
): string {
  if (added.length === 0 || !NAMING.some((one) => one === name)) return text;
  const json = JSON.parse(text) as Record<string, unknown>;
  // Whole and by id: who reads it gives ids by order, those that only another file names last.
  const all = tokenizer.added_tokens.toSorted((a, b) => a.id - b.id);
  const said = name === 'tokenizer.json' ? { ...json, added_tokens: all } : changed(name, json, added);
  return `${JSON.stringify(said, null, 2)}\n`;
}

function changed(
  name: string,
  json: Readonly<Record<string, unknown>>,
  added: readonly AddedTokenJson[],
): unknown {
  if (name === 'added_tokens.json')
    return { ...json, ...Object.fromEntries(added.map(({ content, id }) => [content, id])) };
  return withNamed(json, added);
}

/** A configuration whose list of special tokens names others too; all versions of transformers read the one that is made. */
function withNamed(
  config: Readonly<Record<string, unknown>>,
  added: readonly AddedTokenJson[],
): Readonly<Record<string, unknown>> {
  const list = Array.isArray(config.extra_special_tokens)
    ? 'extra_special_tokens'
    : 'additional_special_tokens';
  const held = (config[list] ?? []) as readonly unknown[];
  const named: Record<string, unknown> = {
    ...config,
    [list]: [...held, ...added.map(({ content }) => content)],
  };
  if (typeof config.added_tokens_decoder === 'object' && config.added_tokens_decoder !== null)
    named.added_tokens_decoder = {
      ...config.added_tokens_decoder,
      ...Object.fromEntries(added.map(({ id, ...token }) => [id, token])),
    };
  return named;
}
