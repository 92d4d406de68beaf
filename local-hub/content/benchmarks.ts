/** Rows of the local hub's benchmarks, in the columns that the real ones have. The questions are this project's own. */
import { CAPITALS, OPPOSITES } from './facts.js';

/** Word problems with the answer after ####. @param first what tells a split's questions from another's */
export function mathRows(count: number, first: number): readonly object[] {
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [first + i, 2 + (i % 5)];
    const sum = `${a}+${b}=<<${a}+${b}=${a + b}>>${a + b}`;
    return {
      question: `Nia has ${a} pears and picks ${b} more. How many has she now?`,
      answer: `She has ${sum} pears.\n#### ${a + b}`,
    };
  });
}

/** Questions with four options, of which some are numbered and some lettered. */
export function choiceRows(kind: 'easy' | 'challenge'): readonly object[] {
  const pairs = kind === 'easy' ? CAPITALS : OPPOSITES;
  const asked = (left: string): string =>
    kind === 'easy' ? `What is the capital of ${left}?` : `What is the opposite of ${left}?`;
  return pairs.slice(0, 12).map(([left, right], i) => {
    const others = [1, 2, 3].map((step) => pairs[(i + step) % pairs.length][1]);
    const text = [...others.slice(0, i % 4), right, ...others.slice(i % 4)];
    const label = text.map((_, n) => (i % 3 === 2 ? String(n + 1) : 'ABCD'[n]));
    return {
      id: `${kind}_${i}`,
      question: asked(left),
      choices: { text, label },
      answerKey: label[i % 4],
    };
  });
}
