import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/iic/MSAgent-Pro */
@dataset({
  id: 'msagent-pro',
  summary: 'Tool-using dialogues of ModelScope, larger',
  ms: 'iic/MSAgent-Pro',
  tags: ['chat', 'agent', 'multi-round'],
})
export class MsagentPro extends AutoPreprocessor {}
