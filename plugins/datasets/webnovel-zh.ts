import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/zxbsmk/webnovel_cn */
@dataset({
  id: 'webnovel-zh',
  summary: 'Writing web novels, Chinese',
  hf: 'zxbsmk/webnovel_cn',
  ms: 'AI-ModelScope/webnovel_cn',
  tags: ['chat', 'novel'],
})
export class WebnovelZh extends AutoPreprocessor {}
