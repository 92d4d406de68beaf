import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError, didYouMean } from '../errors.js';
import type { AddedTokenJson, TokenizerDefinition, TokenizerJson } from './definition.js';
import { PRE_TOKENIZATIONS } from './gguf-pre.js';
import { HfTokenizer } from './hf-tokenizer.js';

/** `tokenizer.ggml.token_type`, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const TYPE = { unknown: 2, control: 3, userDefined: 4 } as const;

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly types: ArrayLike<number>;
}

/**
 * The tokenizer inside a GGUF file, from its metadata (`tokenizer.ggml.*`, `tokenizer.chat_template`). Two kinds
 * are read: `gpt2` (byte-level BPE with merges) and `llama` (SentencePiece BPE, whose merges follow the scores).
 *
 * @throws SwiftError UNSUPPORTED_MODEL for another kind, BAD_FILE when a key is missing.
 */
export function tokenizerFromGguf(metadata: Record<string, unknown>): Tokenizer {
  return new HfTokenizer(definitionFromGguf(metadata));
}

function definitionFromGguf(metadata: Record<string, unknown>): TokenizerDefinition {
  const kind = metadata['tokenizer.ggml.model'];
  const tokens = list<string>(metadata, 'tokens');
  const types = (metadata['tokenizer.ggml.token_type'] ?? []) as ArrayLike<number>;
  const vocabulary = { tokens, types };
  const tokenAt = (name: string): string | undefined => {
    const id = metadata[`tokenizer.ggml.${name}_token_id`];
    return id === undefined ? undefined : tokens[Number(id)];
  };
  const named = {
    bos_token: tokenAt('bos'),
    eos_token: tokenAt('eos'),
    unk_token: tokenAt('unknown'),
    pad_token: tokenAt('padding'),
  };
  if (kind !== 'gpt2' && kind !== 'llama') {
    throw new SwiftError('UNSUPPORTED_MODEL', `GGUF tokenizer.ggml.model is '${String(kind)}'.`, {
      cure: "Readable kinds are 'gpt2' and 'llama'. Use the model's safetensors checkpoint, which brings tokenizer.json.",
    });
  }
  const addBos = Boolean(metadata['tokenizer.ggml.add_bos_token'] ?? kind === 'llama');
  const tokenizer = kind === 'gpt2' ? byteLevel(metadata, vocabulary) : sentencePiece(metadata, vocabulary);
  const eosTokenIds = ['eos', 'eot', 'eom']
    .map((name) => metadata[`tokenizer.ggml.${name}_token_id`])
    .filter((id) => id !== undefined)
    .map(Number);
  return {
    tokenizer: { ...tokenizer, post_processor: addBos ? startWith(named.bos_token, tokens) : null },
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      ...Object.fromEntries(Object.entries(named).filter(([, token]) => token !== undefined)),
      add_bos_token: addBos,
      clean_up_tokenization_spaces: false,
      ...(typeof metadata['tokenizer.chat_template'] === 'string'
        ? { chat_template: metadata['tokenizer.chat_template'] }
        : {}),
    },
    eosTokenIds: [...new Set(eosTokenIds)],
  };
}

function byteLevel(metadata: Record<string, unknown>, vocabulary: Vocabulary): TokenizerJson {
  const name = String(metadata['tokenizer.ggml.pre'] ?? 'gpt-2');
  const pre = PRE_TOKENIZATIONS[name];
  if (pre === undefined) {
    throw new SwiftError('UNSUPPORTED_MODEL', `GGUF tokenizer.ggml.pre is '${name}', which is not known.`, {
      cure: [
        ...didYouMean(name, Object.keys(PRE_TOKENIZATIONS)),
        "Use the model's safetensors checkpoint, which brings tokenizer.json.",
      ],
    });
  }
  const split = (Regex: string) => ({
    type: 'Split',
    pattern: { Regex },
    behavior: 'Isolated',
    invert: false,
  });
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    version: '1.0',
    added_tokens: addedTokens(vocabulary),
    normalizer: pre.nfc ? { type: 'NFC' } : null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [...pre.patterns.map(split), bytes] },
    post_processor: null,
    decoder: bytes,
    model: bpe(vocabulary, {
      merges: list<string>(metadata, 'merges').map((merge) => merge.split(' ', 2)),
      ignore_merges: pre.ignoreMerges ?? false,
    }),
  };
}

function sentencePiece(metadata: Record<string, unknown>, vocabulary: Vocabulary): TokenizerJson {
  const replace = (from: string, to: string) => ({ type: 'Replace', pattern: { String: from }, content: to });
  const prefix = metadata['tokenizer.ggml.add_space_prefix'] !== false;
  const unknown = vocabulary.tokens.find((_, id) => vocabulary.types[id] === TYPE.unknown);
  return {
    version: '1.0',
    added_tokens: addedTokens(vocabulary),
    normalizer: {
      type: 'Sequence',
      normalizers: [...(prefix ? [{ type: 'Prepend', prepend: '▁' }] : []), replace(' ', '▁')],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        replace('▁', ' '),
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: bpe(vocabulary, {
      merges: mergesByScore(vocabulary.tokens, list<number>(metadata, 'scores')),
      unk_token: unknown ?? null,
      fuse_unk: true,
      byte_fallback: true,
    }),
  };
}

const bpe = ({ tokens }: Vocabulary, rest: Record<string, unknown>): Record<string, unknown> => ({
  type: 'BPE',
  vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
  ...rest,
});

/** SentencePiece merges whichever neighbours make the best-scored token: every split of a token, best token first. */
function mergesByScore(tokens: readonly string[], scores: ArrayLike<number>): [string, string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges: { pair: [string, string]; id: number; left: number; right: number }[] = [];
  tokens.forEach((token, id) => {
    const characters = [...token];
    for (let cut = 1; cut < characters.length; cut++) {
      const pair: [string, string] = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
      const [left, right] = pair.map((part) => ids.get(part));
      if (left !== undefined && right !== undefined) merges.push({ pair, id, left, right });
    }
  });
  merges.sort((a, b) => scores[b.id] - scores[a.id] || a.id - b.id || a.left - b.left || a.right - b.right);
  return merges.map(({ pair }) => pair);
}

function addedTokens({ tokens, types }: Vocabulary): AddedTokenJson[] {
  return tokens.flatMap((content, id) => {
    const special = types[id] === TYPE.control || types[id] === TYPE.unknown;
    if (!special && types[id] !== TYPE.userDefined) return [];
    return [{ id, content, special, single_word: false, lstrip: false, rstrip: false, normalized: false }];
  });
}

function startWith(token: string | undefined, tokens: readonly string[]): unknown {
  if (token === undefined) return null;
  const start = { SpecialToken: { id: token, type_id: 0 } };
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [start, text('A', 0)],
    pair: [start, text('A', 0), { SpecialToken: { id: token, type_id: 1 } }, text('B', 1)],
    special_tokens: { [token]: { id: token, ids: [tokens.indexOf(token)], tokens: [token] } },
  };
}

function list<T>(metadata: Record<string, unknown>, name: string): T[] {
  const key = `tokenizer.ggml.${name}`;
  const value = metadata[key];
  if (Array.isArray(value)) return value as T[];
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<T>);
  throw new SwiftError('BAD_FILE', `The GGUF metadata has no list '${key}'.`, {
    cure: 'The file was made without its tokenizer; convert the model again, or download another file.',
  });
}
