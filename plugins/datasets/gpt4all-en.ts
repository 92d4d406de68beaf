import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/wyj123456/GPT4all */
@dataset({
  id: 'gpt4all-en',
  summary: 'Prompts and answers of GPT4All, English',
  ms: 'wyj123456/GPT4all',
  tags: ['chat', 'general'],
})
export class Gpt4allEn extends AutoPreprocessor {}
