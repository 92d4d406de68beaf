import { argument, reward, type JudgedAnswer, type Reward, type ValuesOf } from 'swift-ts/plugin';

const repetitionArguments = {
  repetition_n_grams: argument.int({
    default: 3,
    min: 1,
    help: 'reward repetition: words that are looked at together',
  }),
  repetition_max_penalty: argument.float({
    default: -1,
    max: 0,
    help: 'reward repetition: of an answer that says one thing over and over',
  }),
} as const;

type RepetitionOptions = ValuesOf<typeof repetitionArguments>;

/** Characters that are words by themselves, in scripts that put no blanks between words. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;

/** A penalty by the share of n-grams of words that were there before (Yeo et al., 2025, arXiv 2502.03373). */
@reward({
  id: 'repetition',
  summary: 'a penalty for saying the same again',
  arguments: repetitionArguments,
})
export class RepetitionReward implements Reward<RepetitionOptions> {
  score(answers: readonly JudgedAnswer[], options: RepetitionOptions): number[] {
    const { repetition_n_grams: size, repetition_max_penalty: penalty } = options;
    return answers.map(({ text }) => {
      const words: readonly string[] = text.toLowerCase().match(WORD) ?? [];
      const total = words.length - size + 1;
      if (total < 1) return 0;
      const grams = new Set(Array.from({ length: total }, (_, i) => words.slice(i, i + size).join(' ')));
      return (1 - grams.size / total) * penalty;
    });
  }
}
