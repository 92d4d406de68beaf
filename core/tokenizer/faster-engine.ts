/** The same ids in less time: what @huggingface/tokenizers works out anew for each piece of a text is remembered. */

/** Parts of the engine that are known to be slow, where a tokenizer has them. */
interface Part {
  readonly byte_encoder?: Readonly<Record<number, string>>;
  readonly tokenizers?: readonly Part[];
  readonly add_prefix_space?: boolean;
  readonly use_regex?: boolean;
  readonly pattern?: RegExp;
  pre_tokenize_text?: (text: string) => string[];
  cache?: Cache;
  readonly merges?: readonly (readonly [left: string, right: string])[];
  bpe_ranks?: Map<string, number>;
  bpe?: (token: string) => string[];
  readonly end_of_word_suffix?: string;
  readonly continuing_subword_suffix?: string | null;
  add_node?: (queue: { push(node: Node): void }, node: Node) => void;
}

/** A stretch of a word that merges may join to the next. */
interface Node {
  readonly token: string;
  readonly bias: number;
  readonly next: Node;
  score: number;
}

interface Cache {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  clear(): void;
}

/** Words of a corpus are few; what is longer than a word does not come again. */
const MOST_ENTRIES = 200_000;
const LONGEST = 64;

export interface SlowEngine {
  readonly pre_tokenizer?: Part | null;
  readonly model?: Part;
}

export function speedUp({ pre_tokenizer: first, model }: SlowEngine): void {
  for (const part of first?.tokenizers ?? [first]) {
    if (part?.byte_encoder !== undefined && part.pre_tokenize_text !== undefined) {
      part.pre_tokenize_text = byteLevel(part);
    }
  }
  // The engine's own moves an entry to the end each time it is read, which costs more than all else about it.
  if (model?.cache !== undefined) model.cache = remembered<unknown>();
  if (model?.merges !== undefined && model.bpe_ranks !== undefined && model.add_node !== undefined) {
    model.add_node = mergesByParts(model.merges);
    model.bpe_ranks = new Map();
  }
  const { bpe, end_of_word_suffix, continuing_subword_suffix } = model ?? {};
  if (bpe !== undefined && !end_of_word_suffix && !continuing_subword_suffix) {
    model!.bpe = byWords((token) => bpe.call(model, token), model!.merges ?? []);
  }
}

/** SentencePiece's mark of a word's beginning. */
const MARK = '▁';

/**
 * Tokenizers of SentencePiece take a whole text for one word. Where no merge joins what ends with a character to a mark
 * behind it, the text falls into words there that know nothing of each other, and each can be remembered.
 */
function byWords(bpe: (token: string) => string[], merges: NonNullable<Part['merges']>): Part['bpe'] {
  const joined = new Set(
    merges.flatMap(([left, right]) => (right.startsWith(MARK) ? [left.charAt(left.length - 1)] : [])),
  ).add(MARK);
  return (text) => {
    const tokens: string[] = [];
    let start = 0;
    for (let at = text.indexOf(MARK, 1); at > 0; at = text.indexOf(MARK, at + 1)) {
      if (joined.has(text[at - 1])) continue;
      for (const token of bpe(text.slice(start, at))) tokens.push(token);
      start = at;
    }
    if (start === 0) return bpe(text);
    for (const token of bpe(text.slice(start))) tokens.push(token);
    return tokens;
  };
}

/** Finds merges by their two tokens, where the engine makes JSON text of each pair. */
function mergesByParts(merges: NonNullable<Part['merges']>): Part['add_node'] {
  const ranks = new Map<string, Map<string, number>>();
  merges.forEach(([left, right], rank) => {
    const followers = ranks.get(left) ?? new Map<string, number>();
    ranks.set(left, followers.set(right, rank));
  });
  return (queue, node) => {
    const rank = ranks.get(node.token)?.get(node.next.token);
    if (rank === undefined) return;
    node.score = rank + node.bias;
    queue.push(node);
  };
}

/** Bytes as characters, of a text or of its words. */
function byteLevel({ byte_encoder, add_prefix_space, use_regex, pattern }: Part): (text: string) => string[] {
  const characters = Array.from({ length: 256 }, (_, byte) => byte_encoder![byte]);
  const known = remembered<string>();
  const encoder = new TextEncoder();
  const said = (token: string): string => {
    let text = known.get(token);
    if (text === undefined) {
      text = '';
      for (const byte of encoder.encode(token)) text += characters[byte];
      known.put(token, text);
    }
    return text;
  };
  return (text) => {
    const whole = add_prefix_space && !text.startsWith(' ') ? ` ${text}` : text;
    return (use_regex ? (whole.match(pattern!) ?? []) : [whole]).map(said);
  };
}

/** A map that begins anew when it is full. */
function remembered<Value>(): {
  get(key: string): Value | undefined;
  put(key: string, value: Value): void;
  clear(): void;
} {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
    put(key, value) {
      if (key.length > LONGEST) return;
      if (entries.size >= MOST_ENTRIES) entries.clear();
      entries.set(key, value);
    },
    clear: () => entries.clear(),
  };
}
