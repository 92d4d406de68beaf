import { lossScale, type LossScale } from 'swift-ts/plugin';

/** For models whose prompt opens the thought. */
@lossScale({ id: 'ignore_think_prefix', summary: 'the <think> that opens an answer is not learned' })
export class IgnoreThinkPrefixLossScale implements LossScale {
  readonly response = { '^<think>\\n?': [0] };
}
