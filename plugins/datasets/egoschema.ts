import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** https://huggingface.co/datasets/lmms-lab/egoschema (arXiv 2308.09126): video_idx, question, option and answer, the number of one; the videos are in archives. */
@dataset({
  id: 'egoschema',
  summary: 'Questions about three minutes of video, seen through somebody’s eyes, with five choices',
  hf: 'lmms-lab/egoschema',
  ms: 'AI-ModelScope/egoschema',
  subsets: ['Subset'],
  views: { cls: 'Subset' },
  split: 'test',
  media: [{ name: 'videos', files: ['videos_chunked_0*.zip'] }],
  tags: ['chat', 'multi-modal', 'video'],
})
export class EgoSchema implements Preprocessor {
  toRow(
    { video_idx, question, option, answer }: RawRow,
    context: PreprocessContext,
  ): StandardRow | undefined {
    const file = context.media?.('videos', `videos/${textIn(video_idx)}.mp4`);
    if (file === undefined) return withoutFile(context, 'video');
    const query = [question, ...(Array.isArray(option) ? (option as unknown[]) : [])].join('\n');
    const number = Number(answer);
    if (context.view === 'cls')
      return toStandardRow({ query, label: number, videos: [file] }, { ...context, questions: true });
    return toStandardRow({ query, response: 'ABCDE'[number], videos: [file] }, context);
  }
}
