import { lossScale, type LossScale } from 'swift-ts/plugin';

/** The weights of the SWIFT paper's appendix (Table 14), for the rows of Agent-FLAN (arXiv 2403.12881). */
@lossScale({
  id: 'agentflan',
  summary: 'names and arguments of calls weigh 3, as do answers to questions about them (Agent-FLAN)',
  also: { 'agent-flan': "agentflan, by SWIFT 2.4's name" },
})
export class AgentFlanLossScale implements LossScale {
  readonly response = {
    'Name:': [1, 3],
    'Action:': [1, 3],
    'ACTION:': [1, 3],
    'Tool:': [1, 3],
    Command: [1, 3],
    'Arguments:': [1, 3],
    'action input': [1, 3],
    'ACTION_INPUT:': [1, 3],
    'Action Input:': [1, 3],
    'Thought:': [1, 1],
    'Final Answer:': [1, 1],
    'Observation:': [2, 0],
  };
  readonly query = {
    'What is the tool you want to use': 3,
    'What are the required parameter names': 3,
    'What is the value of': 3,
  };
}
