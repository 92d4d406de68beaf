import { argument, reward, SwiftError, type JudgedAnswer, type Reward, type ValuesOf } from 'swift-ts/plugin';

const overlongArguments = {
  soft_max_length: argument.optionalInt({
    min: 1,
    help: 'reward soft_overlong: tokens at which the penalty is whole',
    derived: 'max_completion_length',
  }),
  soft_cache_length: argument.optionalInt({
    min: 1,
    help: 'reward soft_overlong: tokens over which it grows to that',
    derived: 'a fifth of soft_max_length',
  }),
} as const;

type OverlongOptions = ValuesOf<typeof overlongArguments>;

/** 0 up to a length, and then down to −1 over the last stretch before the longest (DAPO, arXiv 2503.14476, eq. 13). */
@reward({
  id: 'soft_overlong',
  summary: 'a penalty that grows as an answer comes near its longest length',
  arguments: overlongArguments,
})
export class SoftOverlongReward implements Reward<OverlongOptions> {
  score(answers: readonly JudgedAnswer[], options: OverlongOptions): number[] {
    return answers.map(({ tokens, max_tokens }) => {
      const longest = options.soft_max_length ?? max_tokens;
      const stretch = options.soft_cache_length ?? Math.max(1, Math.round(longest / 5));
      if (stretch >= longest) {
        throw new SwiftError(
          'BAD_ARGUMENT',
          `--soft_cache_length ${stretch} is not below the ${longest} tokens of soft_max_length`,
          {
            cure: `Give fewer: ${Math.max(1, Math.round(longest / 5))}.`,
          },
        );
      }
      return Math.min(0, (longest - stretch - tokens) / stretch);
    });
  }
}
