import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

interface Turn {
  readonly role: string;
  readonly text: string;
}

/** https://modelscope.cn/datasets/AI-ModelScope/hh_rlhf_cn: turns before, and two answers. Rows of other shapes are dropped. */
@dataset({
  id: 'hh-rlhf-cn',
  summary: "people's preferences between helpful and harmless answers, in Chinese and English",
  ms: 'AI-ModelScope/hh_rlhf_cn',
  subsets: ['hh_rlhf', 'harmless_base_cn', 'harmless_base_en', 'helpful_base_cn', 'helpful_base_en'],
  tags: ['rlhf', 'dpo', 'pairwise'],
})
export class HhRlhfCn implements Preprocessor {
  toRow({ context: turns, chosen, rejected }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (!Array.isArray(turns) || !turns.every(isTurn) || !isTurn(chosen) || !isTurn(rejected))
      return undefined;
    const messages = [...turns, chosen].map(({ role, text }) => ({
      role: role === 'human' ? 'user' : 'assistant',
      content: text,
    }));
    return toStandardRow({ messages, rejected_response: rejected.text }, context);
  }
}

function isTurn(value: unknown): value is Turn {
  const { role, text } = (value ?? {}) as Partial<Turn>;
  return (role === 'human' || role === 'assistant') && typeof text === 'string' && text !== '';
}
