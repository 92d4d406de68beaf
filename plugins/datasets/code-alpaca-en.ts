import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/sahil2801/CodeAlpaca-20k */
@dataset({
  id: 'code-alpaca-en',
  summary: '20,000 coding instructions, English',
  hf: 'sahil2801/CodeAlpaca-20k',
  ms: 'wyj123456/code_alpaca_en',
  tags: ['chat', 'coding'],
})
export class CodeAlpacaEn extends AutoPreprocessor {}
