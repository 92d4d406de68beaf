import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/damo/nlp_polylm_multialpaca_sft */
@dataset({
  id: 'multi-alpaca',
  summary: 'Alpaca instructions in eleven languages',
  ms: 'damo/nlp_polylm_multialpaca_sft',
  subsets: ['ar', 'de', 'es', 'fr', 'id', 'ja', 'ko', 'pt', 'ru', 'th', 'vi'],
  tags: ['chat', 'general', 'multilingual'],
})
export class MultiAlpaca extends AutoPreprocessor {}
