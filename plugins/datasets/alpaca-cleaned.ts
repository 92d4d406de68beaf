import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/yahma/alpaca-cleaned */
@dataset({
  id: 'alpaca-cleaned',
  summary: 'The Alpaca instructions, corrected',
  hf: 'yahma/alpaca-cleaned',
  ms: 'AI-ModelScope/alpaca-cleaned',
  tags: ['chat', 'general', 'bench', 'quality'],
})
export class AlpacaCleaned extends AutoPreprocessor {}
