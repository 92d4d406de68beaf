import { lossScale, type LossScale } from 'swift-ts/plugin';

/** The weights of SWIFT's agent training (arXiv 2309.00986): calls twice; what a tool gave back is no answer. */
@lossScale({
  id: 'react',
  summary: 'Action and Action Input of ReAct weigh 2, what follows Observation nothing',
  also: { DEFAULT: "react, by SWIFT 2.4's name" },
})
export class ReactLossScale implements LossScale {
  readonly response = {
    'Action:': [2, 2],
    'Action Input:': [2, 2],
    'Thought:': [1, 1],
    'Final Answer:': [1, 1],
    'Observation:': [2, 0],
  };
}
