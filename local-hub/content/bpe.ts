/** A small byte-level BPE vocabulary, learned from a text as GPT-2's was. */

/** GPT-2's printable stand-in for each byte. */
export const BYTE_LETTERS: readonly string[] = byteLetters();

function byteLetters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

export interface Vocabulary {
  /** Tokens by id: the 256 bytes, then one token per merge. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** Merges the most frequent pair of neighbours again and again; of equally frequent ones, the first by code units. */
export function learnBpe(text: string, mergeCount: number): Vocabulary {
  const counts = new Map<string, number>();
  for (const word of text.match(/ ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const encoder = new TextEncoder();
  const words = [...counts].map(([word, count]) => ({
    count,
    parts: [...encoder.encode(word)].map((byte) => BYTE_LETTERS[byte]),
  }));
  const merges: [string, string][] = [];
  const tokens = [...BYTE_LETTERS];
  while (merges.length < mergeCount) {
    const best = mostFrequentPair(words);
    if (best === undefined) break;
    merges.push(best);
    // Another pair may have made the same token already.
    if (!tokens.includes(best.join(''))) tokens.push(best.join(''));
    for (const word of words) word.parts = merged(word.parts, best);
  }
  return { tokens, merges };
}

function mostFrequentPair(
  words: readonly { count: number; parts: readonly string[] }[],
): [string, string] | undefined {
  const pairs = new Map<string, number>();
  for (const { count, parts } of words) {
    for (let i = 0; i + 1 < parts.length; i++) {
      const pair = `${parts[i]} ${parts[i + 1]}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + count);
    }
  }
  let best: string | undefined;
  let most = 1;
  for (const [pair, count] of pairs) {
    if (count > most || (count === most && best !== undefined && pair < best)) [best, most] = [pair, count];
  }
  return best?.split(' ') as [string, string] | undefined;
}

function merged(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const result: string[] = [];
  for (const part of parts) {
    if (part === right && result[result.length - 1] === left) result[result.length - 1] = left + right;
    else result.push(part);
  }
  return result;
}
