import { lossScale, type LossScale } from 'swift-ts/plugin';

/** For the calls of the hermes agent format. */
@lossScale({ id: 'hermes', summary: 'calls between <tool_call> and </tool_call> weigh 2' })
export class HermesLossScale implements LossScale {
  readonly response = { '<tool_call>.+?</tool_call>': [2] };
}
