import { dataset, parsed, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { CHINESE_QUESTIONS } from './_caption-questions.js';
import { textIn } from './_columns.js';
import { pick } from './_pick.js';

/** https://modelscope.cn/datasets/Tongyi-DataEngine/SA1B-Dense-Caption: url, and cap_seg, the text of a Python dictionary with global_caption. */
@dataset({
  id: 'sa1b-dense-caption',
  summary: 'Chinese captions of the photographs of SA-1B',
  ms: 'Tongyi-DataEngine/SA1B-Dense-Caption',
  tags: ['zh', 'multi-modal', 'vqa'],
})
export class Sa1bDenseCaption implements Preprocessor {
  toRow({ url, cap_seg }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const said = typeof cap_seg === 'string' ? parsed(cap_seg) : cap_seg;
    const { global_caption } = (said ?? {}) as { global_caption?: unknown };
    const query = pick(CHINESE_QUESTIONS, textIn(global_caption));
    return toStandardRow({ query, response: global_caption, images: url }, context);
  }
}
