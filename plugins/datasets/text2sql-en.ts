import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Clinton/texttosqlv2_25000_v2 */
@dataset({
  id: 'text2sql-en',
  summary: 'Questions to SQL, English',
  hf: 'Clinton/texttosqlv2_25000_v2',
  ms: 'AI-ModelScope/texttosqlv2_25000_v2',
  tags: ['chat', 'sql'],
})
export class Text2sqlEn extends AutoPreprocessor {}
