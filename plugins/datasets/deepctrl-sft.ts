import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/deepctrl-sft-data */
@dataset({
  id: 'deepctrl-sft',
  summary: '10 million instructions of DeepCtrl',
  ms: 'AI-ModelScope/deepctrl-sft-data',
  subsets: ['default', 'en'],
  tags: ['chat', 'general', 'sft', 'multi-round'],
})
export class DeepctrlSft extends AutoPreprocessor {}
