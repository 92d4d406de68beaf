import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
import type { PreprocessContext, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/llm-wizard/alpaca-gpt4-data-zh; some inputs begin with the word for input. */
@dataset({
  id: 'alpaca-zh',
  summary: '48,818 instructions answered by GPT-4, Chinese',
  hf: 'llm-wizard/alpaca-gpt4-data-zh',
  ms: 'AI-ModelScope/alpaca-gpt4-data-zh',
  tags: ['chat', 'general'],
})
export class AlpacaZh extends AutoPreprocessor {
  override toRow(raw: RawRow, context?: PreprocessContext): StandardRow | undefined {
    const input = typeof raw.input === 'string' ? raw.input.replace(/^输入[：:]/, '') : raw.input;
    return super.toRow({ ...raw, input }, context);
  }
}
