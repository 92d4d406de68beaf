import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { CHINESE_QUESTIONS } from './_caption-questions.js';
import { textIn } from './_columns.js';
import { pick } from './_pick.js';

/** https://modelscope.cn/datasets/Tongyi-DataEngine/SA1B-Paired-Captions-Images: opensource_url and global_caption. */
@dataset({
  id: 'sa1b-paired-caption',
  summary: 'Long Chinese captions of the photographs of SA-1B',
  ms: 'Tongyi-DataEngine/SA1B-Paired-Captions-Images',
  tags: ['zh', 'multi-modal', 'vqa'],
})
export class Sa1bPairedCaption implements Preprocessor {
  toRow({ opensource_url, global_caption }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query = pick(CHINESE_QUESTIONS, textIn(global_caption));
    return toStandardRow({ query, response: global_caption, images: opensource_url }, context);
  }
}
