/** Trains a byte-level BPE tokenizer (Sennrich et al., 2016; GPT-2's byte alphabet) on a small corpus. */

/** GPT-2's printable stand-in for each byte. */
function byteAlphabet(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let extra = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : extra++));
}

const WORDS = / ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The same split, as tokenizer.json says it. */
export const WORD_PATTERN = WORDS.source;

export interface Bpe {
  /** Token texts in id order, the byte alphabet first. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** Merges the most frequent neighbouring pair (the first in text order among equals) until `size` tokens exist. */
export function trainBpe(documents: readonly string[], size: number): Bpe {
  const alphabet = byteAlphabet();
  const counts = new Map<string, number>();
  for (const document of documents) {
    for (const [word] of document.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].map(([word, count]) => ({
    parts: [...new TextEncoder().encode(word)].map((byte) => alphabet[byte]),
    count,
  }));
  const tokens = [...alphabet];
  const merges: [string, string][] = [];
  while (tokens.length < size) {
    const pairs = new Map<string, number>();
    for (const { parts, count } of words) {
      for (let i = 0; i + 1 < parts.length; i++) {
        const pair = `${parts[i]} ${parts[i + 1]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
      }
    }
    const [best] = [...pairs].reduce((top, entry) => (entry[1] > top[1] ? entry : top), ['', 0]);
    if (best === '') break;
    const [left, right] = best.split(' ');
    merges.push([left, right]);
    tokens.push(left + right);
    for (const word of words) word.parts = merge(word.parts, left, right);
  }
  return { tokens, merges };
}

function merge(parts: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === left && parts[i + 1] === right) {
      merged.push(left + right);
      i++;
    } else {
      merged.push(parts[i]);
    }
  }
  return merged;
}
