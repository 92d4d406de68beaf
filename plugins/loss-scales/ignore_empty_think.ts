import { lossScale, type LossScale } from 'swift-ts/plugin';

/** For models that think or do not: what stands for no thought is given, not learned. In the spellings of several families. */
@lossScale({
  id: 'ignore_empty_think',
  summary: 'an empty thought at the beginning of an answer is not learned',
})
export class IgnoreEmptyThinkLossScale implements LossScale {
  readonly response = {
    '^<think>\\s*</think>\\s*': [0],
    '^<seed:think><seed:cot_budget_reflect>The current thinking budget is 0, so I will directly start answering the question.</seed:cot_budget_reflect>\\n</seed:think>\\s*':
      [0],
    '^</think>\\s*': [0],
    '^<\\|channel>thought\\n<channel\\|>': [0],
    '^</mm:think>\\s*': [0],
  };
}
