import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/vicgalle/alpaca-gpt4 */
@dataset({
  id: 'alpaca-en',
  summary: '52,000 instructions answered by GPT-4, English',
  hf: 'vicgalle/alpaca-gpt4',
  ms: 'AI-ModelScope/alpaca-gpt4-data-en',
  tags: ['chat', 'general'],
})
export class AlpacaEn extends AutoPreprocessor {}
