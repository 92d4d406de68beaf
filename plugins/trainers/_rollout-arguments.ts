/** Arguments of trainers whose model answers while it trains. */
import { argument, type Rollouts, type ValuesOf } from 'swift-ts/plugin';

export const rolloutArguments = {
  max_completion_length: argument.int({ default: 512, min: 1, help: 'longest answer, in tokens' }),
  temperature: argument.float({
    default: 0.9,
    min: 0,
    above: true,
    help: 'of the distribution that answers are drawn from',
  }),
  top_k: argument.int({ default: -1, min: -1, help: 'draw among so many of the likeliest tokens; -1: all' }),
  top_p: argument.float({
    default: 1,
    min: 0,
    max: 1,
    above: true,
    help: 'draw among the likeliest tokens up to this probability',
  }),
  repetition_penalty: argument.float({
    default: 1,
    min: 0,
    above: true,
    help: 'divides the logits of tokens that are there already',
  }),
  stop_words: argument.strings({ default: [], help: 'further texts that end an answer' }),
  log_completions: argument.bool({ default: true, help: 'keep the answers in completions.jsonl' }),
} as const;

/** What the arguments say of how answers come about. */
export function rolloutsOf(
  options: ValuesOf<typeof rolloutArguments>,
): Pick<Rollouts, 'max_completion_length' | 'sampling' | 'stop_words' | 'log_completions'> {
  const { temperature, top_k, top_p, repetition_penalty } = options;
  return {
    max_completion_length: options.max_completion_length,
    stop_words: options.stop_words,
    log_completions: options.log_completions,
    sampling: {
      do_sample: true,
      temperature,
      top_k: top_k > 0 ? top_k : undefined,
      top_p,
      repetition_penalty,
    },
  };
}
