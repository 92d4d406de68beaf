import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/iic/ms_agent */
@dataset({
  id: 'ms-agent',
  summary: 'Tool-using dialogues of ModelScope',
  ms: 'iic/ms_agent',
  tags: ['chat', 'agent', 'multi-round'],
})
export class MsAgent extends AutoPreprocessor {}
