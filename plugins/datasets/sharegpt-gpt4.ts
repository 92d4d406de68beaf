import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/sharegpt_gpt4 */
@dataset({
  id: 'sharegpt-gpt4',
  summary: 'Shared dialogues with GPT-4',
  ms: 'AI-ModelScope/sharegpt_gpt4',
  subsets: ['default', 'V3_format', 'zh_38K_format'],
  tags: ['chat', 'multilingual', 'general', 'multi-round', 'gpt4'],
})
export class SharegptGpt4 extends AutoPreprocessor {}
