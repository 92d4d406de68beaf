import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/mlabonne/orpo-dpo-mix-40k, without the rows of its toxic source, as SWIFT reads it. */
@dataset({
  id: 'orpo-dpo-mix-40k',
  summary: 'a mix of preference sets of good quality',
  hf: 'mlabonne/orpo-dpo-mix-40k',
  ms: 'AI-ModelScope/orpo-dpo-mix-40k',
  tags: ['dpo', 'orpo', 'en', 'quality'],
})
export class OrpoDpoMix40k implements Preprocessor {
  toRow({ source, chosen, rejected }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return source === 'toxic-dpo-v0.2' ? undefined : toStandardRow({ chosen, rejected }, context);
  }
}
