import { dataset, SwiftError, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/**
 * Who the model is and who made it, in Chinese and English. `{{NAME}}` and `{{AUTHOR}}` of a row become
 * `--model_name` and `--model_author`; `tag` of the row (`zh` or `en`) says which of their two values.
 */
@dataset({
  id: 'self-cognition',
  summary: 'Who the model is and who made it; needs --model_name and --model_author',
  hf: 'modelscope/self-cognition',
  ms: 'swift/self-cognition',
  bundled: 'datasets/self-cognition.jsonl',
  tags: ['chat', 'self-cognition'],
})
export class SelfCognition implements Preprocessor {
  toRow(raw: RawRow, context: PreprocessContext): StandardRow | undefined {
    const language = raw.tag === 'zh' ? 0 : 1;
    const name = valueFor('model_name', context.model_name, language);
    const author = valueFor('model_author', context.model_author, language);
    const fill = (value: unknown): unknown =>
      typeof value === 'string' ? value.replaceAll('{{NAME}}', name).replaceAll('{{AUTHOR}}', author) : value;
    return toStandardRow({ query: fill(raw.query), response: fill(raw.response) });
  }
}

/** The values are given as `zh en`; a single one serves both languages. */
function valueFor(argument: string, values: readonly string[] | undefined, language: number): string {
  const value = values?.[language] ?? values?.[0];
  if (value) return value;
  throw new SwiftError('BAD_ARGUMENT', `The dataset self-cognition needs --${argument}.`, {
    cure: `Give the Chinese and the English value: --${argument} 小黄 'Xiao Huang'. One value serves both languages.`,
  });
}
