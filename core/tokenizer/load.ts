import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { parsePythonJson } from '../io/json-text.js';
import { addedTokens } from './added-tokens.js';
import { checkTokenizer, checkTokenizerConfig } from './check-definition.js';
import type { TokenizerConfigJson, TokenizerJson } from './definition.js';

/**
 * The tokenizer of a checkpoint folder in Hugging Face's layout: `tokenizer.json`, and where present
 * `tokenizer_config.json`, `special_tokens_map.json`, `chat_template.jinja` and `generation_config.json`.
 *
 * @throws SwiftError FILE_NOT_FOUND without tokenizer.json, BAD_FILE when a file is not what its name says.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const [tokenizer, config, map, chatTemplate, generation, model] = await Promise.all([
    readJson(folder, 'tokenizer.json'),
    readJson(folder, 'tokenizer_config.json'),
    readJson(folder, 'special_tokens_map.json'),
    readText(folder, 'chat_template.jinja'),
    readJson(folder, 'generation_config.json', parsePythonJson),
    readJson(folder, 'config.json', parsePythonJson),
  ]);
  if (tokenizer === undefined) throw noTokenizer(folder);
  checkTokenizer(tokenizer, join(folder, 'tokenizer.json'));
  checkTokenizerConfig(config ?? {}, join(folder, 'tokenizer_config.json'));
  const { HfTokenizer } = await import('./hf-tokenizer.js');
  const merged = { ...map, ...withoutNulls(config ?? {}) };
  // As Transformers does: without a file of its own, generation goes by config.json.
  const said = generation ?? model ?? {};
  return new HfTokenizer({
    tokenizer: complete(tokenizer, merged),
    config: merged,
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
    eosTokenIds: idList(said.eos_token_id),
    suppress_tokens: idList(said.suppress_tokens),
    begin_suppress_tokens: idList(said.begin_suppress_tokens),
    folder,
  });
}

/** Optional parts are absent in hand-made files. */
function complete(json: Partial<TokenizerJson>, config: TokenizerConfigJson): TokenizerJson {
  return {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {},
    ...json,
    added_tokens: addedTokens(json, config),
  };
}

function withoutNulls(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

function idList(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((id): id is number => typeof id === 'number');
}

function noTokenizer(folder: string): SwiftError {
  return new SwiftError('FILE_NOT_FOUND', `There is no tokenizer.json in ${folder}.`, {
    cure: [
      'A checkpoint needs its tokenizer: copy tokenizer.json and tokenizer_config.json from the base model.',
      'A checkpoint with only tokenizer.model (SentencePiece) can be converted by loading and saving it once with transformers.',
    ],
  });
}

async function readText(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readJson(
  folder: string,
  name: string,
  parse: (text: string) => unknown = JSON.parse,
): Promise<Record<string, unknown> | undefined> {
  const text = await readText(folder, name);
  if (text === undefined) return undefined;
  try {
    const value = parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch (cause) {
    throw badJson(join(folder, name), cause);
  }
  throw badJson(join(folder, name), undefined);
}

function badJson(file: string, cause: unknown): SwiftError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new SwiftError('BAD_FILE', `${file} is not a JSON object${reason}.`, {
    cure: 'The download may be incomplete; delete the file and download it again.',
    cause,
  });
}
