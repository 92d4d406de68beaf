import { toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

const WRITERS = ['Human', 'ChatGPT'];

/** Rows of HC3 (arXiv 2301.07597): a question with people's answers and ChatGPT's. Who wrote it is asked of each answer. */
export abstract class Hc3 implements Preprocessor {
  parts({ question, human_answers, chatgpt_answers }: RawRow): readonly RawRow[] {
    return [human_answers, chatgpt_answers].flatMap((answers, label) =>
      Array.isArray(answers) ? answers.map((answer: unknown) => ({ question, answer, label })) : [],
    );
  }

  toRow({ question, answer, label }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query =
      'Classification Task: Are the following responses from a human or from ChatGPT?\n' +
      `Question: ${String(question)}\nAnswer: ${String(answer)}\nCategory: ${WRITERS.join(', ')}\nOutput:`;
    if (context.view !== undefined) return asked(query, context, { label });
    return toStandardRow({ query, response: WRITERS[Number(label)] }, context);
  }
}
