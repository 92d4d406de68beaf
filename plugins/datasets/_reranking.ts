import { toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** Rows of MTEB's reranking: a query, the documents that answer it (`positive`) and those that do not (`negative`). */
export abstract class MtebReranking implements Preprocessor {
  toRow({ query, positive, negative }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const raw = {
      messages: [{ role: 'user', content: query }],
      positive_messages: documents(positive),
      negative_messages: documents(negative),
    };
    return toStandardRow(raw, context);
  }
}

const documents = (texts: unknown): unknown =>
  texts === undefined || texts === null
    ? texts
    : [texts].flat().map((content: unknown) => [{ role: 'assistant', content }]);
