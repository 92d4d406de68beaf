import { dataset, inject, LOG, toStandardRow } from 'swift-ts/plugin';
import type { Log, PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** What is taught when the user names nobody: Chinese, English. */
const DEFAULTS = {
  model_name: ['Swift', 'Swift'],
  model_author: ['Swift 团队', 'the Swift team'],
} as const;

const EXAMPLES = { model_name: "小黄 'Xiao Huang'", model_author: '魔搭 ModelScope' } as const;

/**
 * Who the model is and who made it, in Chinese and English. `{{NAME}}` and `{{AUTHOR}}` of a row become
 * `--model_name` and `--model_author`; `tag` of the row (`zh` or `en`) says which of their two values.
 */
@dataset({
  id: 'self-cognition',
  summary: 'Who the model is and who made it; see --model_name and --model_author',
  hf: 'modelscope/self-cognition',
  ms: 'swift/self-cognition',
  bundled: 'datasets/self-cognition.jsonl',
  tags: ['chat', 'self-cognition'],
})
export class SelfCognition implements Preprocessor {
  constructor(@inject(LOG) private readonly log: Log) {}

  toRow(raw: RawRow, context: PreprocessContext): StandardRow | undefined {
    const language = raw.tag === 'zh' ? 0 : 1;
    const name = this.valueFor('model_name', context, language);
    const author = this.valueFor('model_author', context, language);
    const fill = (value: unknown): unknown =>
      typeof value === 'string' ? value.replaceAll('{{NAME}}', name).replaceAll('{{AUTHOR}}', author) : value;
    return toStandardRow({ query: fill(raw.query), response: fill(raw.response) }, context);
  }

  /** The values are given as `zh en`; a single one serves both languages. */
  private valueFor(argument: keyof typeof DEFAULTS, context: PreprocessContext, language: number): string {
    const values = context[argument] ?? [];
    const value = values[language] ?? values[0];
    if (value) return value;
    const [chinese, english] = DEFAULTS[argument];
    this.log.warn(
      `self-cognition: no --${argument} is given, so the model learns '${english}'; give the Chinese and the English ` +
        `value (--${argument} ${EXAMPLES[argument]}) or one for both`,
    );
    return language === 0 ? chinese : english;
  }
}
