import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
import type { PreprocessContext, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Locutusque/function-calling-chatml: tools in a text of JSON objects; the system turn says them again. */
@dataset({
  id: 'function-calling-chatml',
  summary: '112,958 conversations with calls of tools, English',
  hf: 'Locutusque/function-calling-chatml',
  ms: 'AI-ModelScope/function-calling-chatml',
  tags: ['agent', 'en'],
})
export class FunctionCallingChatml extends AutoPreprocessor {
  override toRow(raw: RawRow, context?: PreprocessContext): StandardRow | undefined {
    const { function_description: described, ...others } = raw;
    const said = typeof described === 'string' ? described.trim() : '';
    const tools = said === '' ? {} : { tools: said.split('\n\n') };
    const row = super.toRow({ ...others, ...tools }, context);
    if (row?.messages[0].role !== 'system') return row;
    const messages = row.messages.slice(1);
    return messages.length === 0 ? undefined : { ...row, messages };
  }
}
