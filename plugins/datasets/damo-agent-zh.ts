import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/damo/MSAgent-Bench */
@dataset({
  id: 'damo-agent-zh',
  summary: '638,149 tool-using dialogues of MSAgent-Bench, mostly Chinese',
  ms: 'damo/MSAgent-Bench',
  tags: ['chat', 'agent', 'multi-round'],
})
export class DamoAgentZh extends AutoPreprocessor {}
