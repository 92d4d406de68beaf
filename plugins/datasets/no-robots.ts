import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/HuggingFaceH4/no_robots */
@dataset({
  id: 'no-robots',
  summary: '10,000 instructions answered by people',
  hf: 'HuggingFaceH4/no_robots',
  ms: 'swift/no_robots',
  tags: ['multi-task', 'quality', 'human-annotated'],
})
export class NoRobots extends AutoPreprocessor {}
