/** Tokenizer files in the layout of the Hugging Face tokenizers library. */
import type { Vocabulary } from './bpe.js';
import type { TokenizerShape } from './families.js';

export interface TokenizerFiles {
  readonly 'tokenizer.json': object;
  readonly 'tokenizer_config.json': object;
  readonly 'generation_config.json': object;
}

/** Id of each special token: they come after the vocabulary. */
export function specialIds({ tokens }: Vocabulary, { special }: TokenizerShape): Map<string, number> {
  return new Map(special.map((content, i) => [content, tokens.length + i]));
}

export function tokenizerFiles(vocabulary: Vocabulary, shape: TokenizerShape): TokenizerFiles {
  const ids = specialIds(vocabulary, shape);
  const added = [...ids].map(([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const { bos = null, eos, pad, stops, between, tokenizer_class, chat_template } = shape;
  const stopIds = [eos, ...stops].map((token) => ids.get(token)!);
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: shape.nfc ? { type: 'NFC' } : null,
      pre_tokenizer: preTokenizer(shape.pattern),
      post_processor: between
        ? surrounded(between, ids)
        : shape.addsBos
          ? startingWith(shape.bos!, ids.get(shape.bos!)!)
          : null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(vocabulary.tokens.map((token, id) => [token, id])),
        merges: vocabulary.merges.map((pair) => pair.join(' ')),
      },
    },
    'tokenizer_config.json': {
      added_tokens_decoder: Object.fromEntries(added.map(({ id, ...token }) => [id, token])),
      ...(between ? { cls_token: between.cls, sep_token: between.sep } : { bos_token: bos, eos_token: eos }),
      pad_token: pad,
      chat_template,
      clean_up_tokenization_spaces: false,
      model_max_length: 32768,
      tokenizer_class,
    },
    'generation_config.json': {
      bos_token_id: ids.get(bos ?? pad),
      eos_token_id: stopIds.length > 1 ? stopIds : stopIds[0],
      pad_token_id: ids.get(pad),
      do_sample: true,
      temperature: 0.7,
      top_p: 0.8,
      transformers_version: '4.45.0',
    },
  };
}

function preTokenizer(pattern: string | null): object {
  const bytes = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: pattern === null,
  };
  const cut =
    pattern === null
      ? { type: 'Digits', individual_digits: true }
      : { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
  return { type: 'Sequence', pretokenizers: [cut, bytes] };
}

function startingWith(token: string, id: number): object {
  const special = (type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (name: string, type_id: number) => ({ Sequence: { id: name, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [special(0), text('A', 0)],
    pair: [special(0), text('A', 0), special(1), text('B', 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}

function surrounded(
  { cls, sep }: { readonly cls: string; readonly sep: string },
  ids: ReadonlyMap<string, number>,
): object {
  const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const named = (token: string) => [token, { id: token, ids: [ids.get(token)!], tokens: [token] }] as const;
  const single = [special(cls, 0), text('A', 0), special(sep, 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, text('B', 1), special(sep, 1)],
    special_tokens: Object.fromEntries([cls, sep].map(named)),
  };
}
