import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/ssbuild/alpaca_finance_en */
@dataset({
  id: 'finance-en',
  summary: 'Questions on finance, English',
  hf: 'ssbuild/alpaca_finance_en',
  ms: 'wyj123456/finance_en',
  tags: ['chat', 'financial'],
})
export class FinanceEn extends AutoPreprocessor {}
