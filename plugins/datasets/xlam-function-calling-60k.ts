import { dataset, pythonJson, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/**
 * https://huggingface.co/datasets/Salesforce/xlam-function-calling-60k: a question, tools, and the calls that answer it, as JSON text. `grpo`
 * has the first call in ReAct's lines, which rewards find as `solution`.
 */
@dataset({
  id: 'xlam-function-calling-60k',
  summary: '60,000 questions answered by calls of tools, English',
  hf: 'Salesforce/xlam-function-calling-60k',
  ms: 'LLM-Research/xlam-function-calling-60k',
  views: { grpo: '' },
  tags: ['agent', 'grpo', 'en'],
})
export class XlamFunctionCalling implements Preprocessor {
  toRow({ query, answers, tools }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const messages = [
      { role: 'user', content: query },
      { role: 'assistant', content: '', tool_calls: answers },
    ];
    const row = toStandardRow({ messages, tools }, context);
    return row && context.view === 'grpo' ? asSteps(row) : row;
  }
}

function asSteps({ messages: [asked, answer], ...others }: StandardRow): StandardRow | undefined {
  const call = answer.tool_calls?.[0]?.function;
  if (call === undefined) return undefined;
  const input = typeof call.arguments === 'string' ? call.arguments : pythonJson(call.arguments);
  const solution = `Action: ${call.name}\nAction Input: ${input}`;
  return { messages: [asked, { role: 'assistant', content: solution }], ...others, columns: { solution } };
}
