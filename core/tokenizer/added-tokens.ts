/** Tokens beside the vocabulary, wherever a checkpoint's files name them. */
import { tokenText } from './definition.js';
import type { AddedTokenJson, TokenizerConfigJson, TokenizerJson } from './definition.js';

/** Special tokens by attribute, in the order in which transformers adds those that are in no other list. */
const ATTRIBUTES = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map((name) => `${name}_token`);

/**
 * All added tokens: of tokenizer.json, of `added_tokens_decoder`, and those that tokenizer_config.json only names (as an
 * attribute, in `additional_special_tokens` or `extra_special_tokens`). The last get the id that the vocabulary has for
 * them, else the next free one, as in transformers.
 */
export function addedTokens(json: Partial<TokenizerJson>, config: TokenizerConfigJson): AddedTokenJson[] {
  const tokens = [...(json.added_tokens ?? [])];
  const known = new Set(tokens.map(({ id }) => id));
  const decoder = (config.added_tokens_decoder ?? {}) as Record<string, AddedTokenJson>;
  for (const [key, token] of Object.entries(decoder)) {
    const [id, content] = [Number(key), tokenText(token) ?? ''];
    if (content !== '' && !known.has(id)) tokens.push({ ...token, id, content });
  }
  const contents = new Set(tokens.map(({ content }) => content));
  const vocabulary = vocabularyOf(json.model);
  let next = tokens.reduce((most, { id }) => Math.max(most, id + 1), vocabulary.size);
  for (const token of named(config)) {
    const content = tokenText(token) ?? '';
    if (content === '' || contents.has(content)) continue;
    contents.add(content);
    const id = vocabulary.idOf(content) ?? next++;
    tokens.push({ ...(typeof token === 'object' ? token : {}), id, content, special: true });
  }
  return tokens;
}

function named(config: TokenizerConfigJson): unknown[] {
  const others = Object.keys(config).filter((key) => key.endsWith('_token') && !ATTRIBUTES.includes(key));
  const extra = config.extra_special_tokens;
  const list = Array.isArray(extra) ? extra : config.additional_special_tokens;
  return [
    ...[...ATTRIBUTES, ...others].map((key) => config[key]),
    ...(Array.isArray(list) ? (list as unknown[]) : []),
    ...(typeof extra === 'object' && extra !== null && !Array.isArray(extra) ? Object.values(extra) : []),
  ];
}

/** The vocabulary of a model: token to id, or in Unigram a list of `[token, score]`. */
function vocabularyOf(model: TokenizerJson['model'] | undefined): {
  readonly size: number;
  readonly idOf: (token: string) => number | undefined;
} {
  const vocab = model?.vocab;
  if (Array.isArray(vocab)) {
    const tokens = vocab.map(([token]: [string, number]) => token);
    const idOf = (token: string): number | undefined => {
      const id = tokens.indexOf(token);
      return id < 0 ? undefined : id;
    };
    return { size: tokens.length, idOf };
  }
  const ids = (vocab ?? {}) as Readonly<Record<string, number>>;
  const size = Object.values(ids).reduce((most, id) => Math.max(most, id + 1), 0);
  return { size, idOf: (token) => (Object.hasOwn(ids, token) ? ids[token] : undefined) };
}
