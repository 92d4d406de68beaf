import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Salesforce/xlam-function-calling-60k: a question, tools, and the calls that answer it, as JSON text. */
@dataset({
  id: 'xlam-function-calling-60k',
  summary: '60,000 questions answered by calls of tools, English',
  hf: 'Salesforce/xlam-function-calling-60k',
  ms: 'LLM-Research/xlam-function-calling-60k',
  tags: ['agent', 'en'],
})
export class XlamFunctionCalling implements Preprocessor {
  toRow({ query, answers, tools }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const messages = [
      { role: 'user', content: query },
      { role: 'assistant', content: '', tool_calls: answers },
    ];
    return toStandardRow({ messages, tools }, context);
  }
}
