import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** Asks for the coloured form of the sign before it. */
const VARIATION_SELECTOR = /\uFE0F/g;

/** https://modelscope.cn/datasets/hjh0119/shareAI-Llama3-DPO-zh-en-emoji, without variation selectors, as SWIFT reads it. */
@dataset({
  id: 'shareai-llama3-dpo-zh-en-emoji',
  summary: 'Chinese answers with emoji preferred over English ones, for DPO',
  hf: 'shareAI/DPO-zh-en-emoji',
  ms: 'hjh0119/shareAI-Llama3-DPO-zh-en-emoji',
  tags: ['rlhf', 'dpo', 'pairwise'],
})
export class ShareaiLlama3DpoZhEnEmoji implements Preprocessor {
  toRow({ question, answer_zh, answer_en }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const [query, response, rejected_response] = [question, answer_zh, answer_en].map((text) =>
      typeof text === 'string' ? text.replace(VARIATION_SELECTOR, '') : text,
    );
    return toStandardRow({ query, response, rejected_response }, context);
  }
}
