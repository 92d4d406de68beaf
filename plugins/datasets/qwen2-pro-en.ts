import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Magpie-Align/Magpie-Qwen2-Pro-200K-English */
@dataset({
  id: 'qwen2-pro-en',
  summary: 'Magpie instructions of Qwen2-72B, English',
  hf: 'Magpie-Align/Magpie-Qwen2-Pro-200K-English',
  ms: 'AI-ModelScope/Magpie-Qwen2-Pro-200K-English',
  tags: ['chat', 'sft', 'en'],
})
export class Qwen2ProEn extends AutoPreprocessor {}
