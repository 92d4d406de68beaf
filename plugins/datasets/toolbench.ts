import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/swift/ToolBench: conversations in ReAct's lines, results as turns of the role function. */
@dataset({
  id: 'toolbench',
  summary: '124,345 conversations of ToolBench that call tools as ReAct does',
  ms: 'swift/ToolBench',
  tags: ['chat', 'agent', 'multi-round'],
})
export class ToolBench extends AutoPreprocessor {}
