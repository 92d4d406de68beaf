/** Whether a tokenizer.json is one, before anything is made of it: types, and ids that a vocabulary can have. */
import { badFile } from '../io/files.js';
import type { TokenizerConfigJson, TokenizerJson } from './definition.js';

/** Ids beyond it are no ids: the largest vocabularies have a few hundred thousand tokens. */
const MOST_TOKENS = 20_000_000;
const PARTS = ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder'] as const;
const CURE = ['Expected the format of the Hugging Face tokenizers library; download the file again.'];

/** @throws SwiftError BAD_FILE naming the field */
export function checkTokenizer(json: Partial<TokenizerJson>, file: string): void {
  const wrong = (field: string, expected: string): Error =>
    badFile(file, `has '${field}' that is not ${expected}`, CURE);
  const { model, added_tokens } = json;
  if (!isObject(model)) throw badFile(file, "has no 'model' object", CURE);
  if (model.type !== undefined && typeof model.type !== 'string') throw wrong('model.type', 'a text');
  checkVocabulary(model.vocab, wrong);
  if (model.merges !== undefined && !isListOf(model.merges, isMerge)) {
    throw wrong('model.merges', 'a list of pairs of tokens');
  }
  for (const part of PARTS) {
    const value = json[part] as unknown;
    if (value !== undefined && value !== null && !(isObject(value) && typeof value.type === 'string')) {
      throw wrong(part, 'null or an object with a type');
    }
  }
  if (added_tokens !== undefined && added_tokens !== null && !Array.isArray(added_tokens)) {
    throw wrong('added_tokens', 'a list');
  }
  (added_tokens ?? []).forEach((token: unknown, i) => {
    if (!isObject(token) || typeof token.content !== 'string' || !isId(token.id)) {
      throw wrong(`added_tokens[${i}]`, `an object with a content and an id from 0 to ${MOST_TOKENS}`);
    }
  });
}

/** @throws SwiftError BAD_FILE naming the field */
export function checkTokenizerConfig(config: TokenizerConfigJson, file: string): void {
  const { chat_template: template, added_tokens_decoder: added } = config;
  const none = template === undefined || template === null;
  if (!none && typeof template !== 'string' && !isListOf(template, isNamed)) {
    throw badFile(file, "has 'chat_template' that is neither a text nor a list of {name, template}", CURE);
  }
  if (added === undefined || added === null) return;
  const entries = isObject(added) ? Object.entries(added) : [['', undefined] as const];
  const wrong = entries.find(([id, token]) => !isId(Number(id)) || id === '' || !isObject(token));
  if (wrong !== undefined) {
    throw badFile(file, `has 'added_tokens_decoder' that is not an object of tokens by id`, CURE);
  }
}

function checkVocabulary(vocab: unknown, wrong: (field: string, expected: string) => Error): void {
  if (Array.isArray(vocab)) {
    const isEntry = (entry: unknown): boolean =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number';
    if (!vocab.every(isEntry)) throw wrong('model.vocab', 'a list of tokens with their scores');
    return;
  }
  if (!isObject(vocab)) throw wrong('model.vocab', 'an object of ids by token, nor a list');
  for (const [token, id] of Object.entries(vocab)) {
    // Whether the embedding has a row for it is seen where its size is known.
    const isNumber = id === null || (typeof id === 'number' && id < MOST_TOKENS);
    if (!isNumber) throw wrong(`model.vocab.${token.slice(0, 40)}`, `an id from 0 to ${MOST_TOKENS}`);
  }
}

const isMerge = (merge: unknown): boolean =>
  typeof merge === 'string' ||
  (Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === 'string'));

const isNamed = (entry: unknown): boolean =>
  isObject(entry) && typeof entry.name === 'string' && typeof entry.template === 'string';

const isListOf = (value: unknown, is: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(is);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST_TOKENS;
