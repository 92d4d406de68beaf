import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/ms_agent_for_agentfabric */
@dataset({
  id: 'ms-agent-for-agentfabric',
  summary: 'Tool-using dialogues for AgentFabric',
  ms: 'AI-ModelScope/ms_agent_for_agentfabric',
  subsets: ['default', 'addition'],
  tags: ['chat', 'agent', 'multi-round'],
})
export class MsAgentForAgentFabric extends AutoPreprocessor {}
