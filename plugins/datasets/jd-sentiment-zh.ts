import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { classQuestion } from './_classes.js';
import { asked } from './_question.js';

const CLASSES = ['negative', 'positive'];

/** https://modelscope.cn/datasets/DAMO_NLP/jd: a review, and whether it is a good one. `cls` has it as a label, for a head of classes. */
@dataset({
  id: 'jd-sentiment-zh',
  summary: '45,012 reviews of a shop, good ones and bad ones, Chinese',
  ms: 'DAMO_NLP/jd',
  views: { cls: '' },
  tags: ['text-generation', 'classification'],
})
export class JdSentimentZh implements Preprocessor {
  toRow({ sentence, label }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (label === undefined || label === null || label === '') return undefined;
    if (context.view === 'cls') return asked(sentence, context, { label });
    const query = classQuestion('Sentiment Classification', `Sentence: ${String(sentence)}`, CLASSES);
    return toStandardRow({ query, response: CLASSES[Number(label)] }, context);
  }
}
