import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Magpie-Align/Magpie-Qwen2-Pro-200K-Chinese */
@dataset({
  id: 'qwen2-pro-zh',
  summary: 'Magpie instructions of Qwen2-72B, Chinese',
  hf: 'Magpie-Align/Magpie-Qwen2-Pro-200K-Chinese',
  ms: 'AI-ModelScope/Magpie-Qwen2-Pro-200K-Chinese',
  tags: ['chat', 'sft', 'zh'],
})
export class Qwen2ProZh extends AutoPreprocessor {}
