import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/databricks/databricks-dolly-15k */
@dataset({
  id: 'dolly-15k',
  summary: '15,000 instructions written by people, some with a context to read',
  hf: 'databricks/databricks-dolly-15k',
  ms: 'AI-ModelScope/databricks-dolly-15k',
  tags: ['multi-task', 'en', 'quality'],
})
export class Dolly15k implements Preprocessor {
  toRow(
    { context: read, instruction, response }: RawRow,
    context: PreprocessContext,
  ): StandardRow | undefined {
    const query = [read, instruction].filter(Boolean).join('\n');
    return toStandardRow({ query, response }, context);
  }
}
