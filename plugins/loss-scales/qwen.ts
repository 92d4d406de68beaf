import { lossScale, type LossScale } from 'swift-ts/plugin';

/** For the calls of the qwen agent formats. */
@lossScale({ id: 'qwen', summary: '✿FUNCTION✿ and ✿ARGS✿ weigh 2, what follows ✿RESULT✿ nothing' })
export class QwenLossScale implements LossScale {
  readonly response = {
    '✿FUNCTION✿:': [2, 2],
    '✿ARGS✿:': [2, 2],
    '✿RETURN✿:': [1, 1],
    '✿RESULT✿:': [2, 0],
  };
}
