/** ROUGE-L (Lin, 2004): how much of a text stands in another in the same order. */
import { commonLength } from './nlg.js';

/**
 * F1 of the longest common subsequence of tokens, 2PR/(P+R), between 0 and 1; 1 of two texts without tokens. A token is a run of
 * letters and digits in lower case; a character of Chinese, Japanese or Korean is one of its own.
 */
export function rougeL(candidate: string, reference: string): number {
  const [a, b] = [tokensOf(candidate), tokensOf(reference)];
  if (a.length + b.length === 0) return 1;
  const common = commonLength(a, b);
  return (2 * common) / (a.length + b.length);
}

const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}';
const TOKEN = new RegExp(`[${CJK}]|(?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');

const tokensOf = (text: string): readonly string[] => text.toLowerCase().match(TOKEN) ?? [];
