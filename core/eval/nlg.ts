/** How near texts come to others: ROUGE (Lin, 2004) and BLEU (Papineni et al., 2002), as SWIFT's metric `nlg` adds them up. */

export const NLG_METRICS = ['rouge-1', 'rouge-2', 'rouge-l', 'bleu-4'] as const;
export type NlgScores = Readonly<Record<(typeof NLG_METRICS)[number], number>>;

export interface TextPair {
  readonly candidate: string;
  readonly reference: string;
}

/** Means over the pairs in percent. Pairs whose reference is blank are left out; of none there are no scores. */
export function nlgScores(pairs: readonly TextPair[]): NlgScores | undefined {
  const all = pairs.flatMap(({ candidate, reference }) => {
    const [said, wanted] = [nlgTokens(candidate), nlgTokens(reference)];
    return wanted.length === 0 ? [] : [tokenScores(said, wanted)];
  });
  if (all.length === 0) return undefined;
  const mean = (name: keyof NlgScores): number =>
    (100 * all.reduce((sum, scores) => sum + scores[name], 0)) / all.length;
  return {
    'rouge-1': mean('rouge-1'),
    'rouge-2': mean('rouge-2'),
    'rouge-l': mean('rouge-l'),
    'bleu-4': mean('bleu-4'),
  };
}

const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const WORD = `(?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}])+`;
const TOKEN = new RegExp(`[${CJK}]|${WORD}(?:\\.\\p{N}+)?|\\S`, 'gu');

/** Words and numbers; characters of Chinese and Japanese, and all others that are no blanks, each by itself. */
export const nlgTokens = (text: string): readonly string[] => text.match(TOKEN) ?? [];

/** Between 0 and 1. ROUGE-N counts each n-gram once, and is F1, as ROUGE-L is. @param reference at least one token */
function tokenScores(candidate: readonly string[], reference: readonly string[]): NlgScores {
  if (candidate.length === 0) return { 'rouge-1': 0, 'rouge-2': 0, 'rouge-l': 0, 'bleu-4': 0 };
  return {
    'rouge-1': rougeN(candidate, reference, 1),
    'rouge-2': rougeN(candidate, reference, 2),
    'rouge-l': f1(commonLength(candidate, reference), candidate.length, reference.length),
    'bleu-4': bleu(candidate, reference),
  };
}

function rougeN(candidate: readonly string[], reference: readonly string[], n: number): number {
  const [said, wanted] = [counts(candidate, n), counts(reference, n)];
  const shared = [...said.keys()].filter((gram) => wanted.has(gram)).length;
  return f1(shared, said.size, wanted.size);
}

function f1(shared: number, said: number, wanted: number): number {
  return said + wanted === 0 ? 0 : (2 * shared) / (said + wanted);
}

/** How often each run of `n` tokens is there. */
function counts(tokens: readonly string[], n: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = tokens.slice(i, i + n).join(' ');
    found.set(gram, (found.get(gram) ?? 0) + 1);
  }
  return found;
}

/** Of the longest common subsequence. */
export function commonLength(a: readonly string[], b: readonly string[]): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (const token of a) {
    const row = [0];
    b.forEach((other, j) => row.push(token === other ? above[j] + 1 : Math.max(above[j + 1], row[j])));
    above = row;
  }
  return above[b.length];
}

/**
 * BLEU of a sentence, over n-grams of 1 to 4: precisions of which nothing matches count 1 / (2^k · n-grams), the k-th of them (method 3 of
 * Chen and Cherry, 2014). 0 where no token matches.
 */
function bleu(candidate: readonly string[], reference: readonly string[]): number {
  let missed = 0;
  let logs = 0;
  for (let n = 1; n <= 4; n++) {
    const wanted = counts(reference, n);
    let matches = 0;
    for (const [gram, count] of counts(candidate, n)) matches += Math.min(count, wanted.get(gram) ?? 0);
    if (n === 1 && matches === 0) return 0;
    if (matches === 0) missed++;
    const counted = matches === 0 ? 2 ** -missed : matches;
    logs += Math.log(counted / Math.max(1, candidate.length - n + 1));
  }
  const brevity = Math.min(0, 1 - reference.length / candidate.length);
  return Math.exp(brevity + logs / 4);
}
