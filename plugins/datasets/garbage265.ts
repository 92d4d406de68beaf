import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** https://modelscope.cn/datasets/tany0699/garbage265: image:FILE and category, the number of a class. */
@dataset({
  id: 'garbage265',
  summary: 'Photographs of household waste, in 265 classes',
  ms: 'tany0699/garbage265',
  media: [{ name: 'images', files: ['*.zip'] }],
  tags: ['cls', 'multi-modal'],
})
export class Garbage265 implements Preprocessor {
  toRow({ category, ...raw }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('images', textIn(raw['image:FILE']));
    if (file === undefined) return withoutFile(context);
    const query = 'Task: Classify household waste.';
    return toStandardRow({ query, label: category, images: [file] }, { ...context, questions: true });
  }
}
