import { argument, reward, type JudgedAnswer, type Reward, type ValuesOf } from 'swift-ts/plugin';
import { accuracies } from './_math-answer.js';

const value = (default_: number, help: string) =>
  argument.float({ default: default_, help: `reward cosine: ${help}` });

const cosineArguments = {
  cosine_min_len_value_wrong: value(-0.5, 'of a wrong answer without length'),
  cosine_max_len_value_wrong: value(0, 'of a wrong answer of the longest length'),
  cosine_min_len_value_correct: value(1, 'of a right answer without length'),
  cosine_max_len_value_correct: value(0.5, 'of a right answer of the longest length'),
  cosine_max_len: argument.optionalInt({
    min: 1,
    help: 'reward cosine: the longest length, in tokens',
    derived: 'max_completion_length',
  }),
} as const;

type CosineOptions = ValuesOf<typeof cosineArguments>;

/** By length along half a cosine, for right and wrong answers apart: short right ones are worth more (Yeo et al., 2025, arXiv 2502.03373). */
@reward({
  id: 'cosine',
  summary: 'accuracy by length: a right answer is worth more the shorter it is, a wrong one less',
  arguments: cosineArguments,
})
export class CosineReward implements Reward<CosineOptions> {
  async score(answers: readonly JudgedAnswer[], options: CosineOptions): Promise<(number | null)[]> {
    const right = await accuracies(answers);
    return answers.map(({ tokens, max_tokens }, i) => {
      const isRight = right[i];
      if (isRight === null) return null;
      const [short, long] =
        isRight === 1
          ? [options.cosine_min_len_value_correct, options.cosine_max_len_value_correct]
          : [options.cosine_min_len_value_wrong, options.cosine_max_len_value_wrong];
      const share = Math.min(1, tokens / (options.cosine_max_len ?? max_tokens));
      return long + ((short - long) * (1 + Math.cos(Math.PI * share))) / 2;
    });
  }
}
