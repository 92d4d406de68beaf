import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { first, textIn, withoutFile } from './_columns.js';

/** https://huggingface.co/datasets/Enxin/MovieChat-1K-test (arXiv 2307.16449): info.video_path, and global with pairs of question and answer, of which the first is learned. */
@dataset({
  id: 'moviechat-1k-test',
  summary: 'Questions about long scenes of films',
  hf: 'Enxin/MovieChat-1K-test',
  ms: 'AI-ModelScope/MovieChat-1K-test',
  media: [{ name: 'videos', files: ['videos/*.mp4'] }],
  tags: ['chat', 'multi-modal', 'video'],
})
export class MovieChat1kTest implements Preprocessor {
  toRow({ info, global: pairs }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const { video_path } = (info ?? {}) as { video_path?: unknown };
    const file = context.media?.('videos', `videos/${textIn(video_path)}`);
    if (file === undefined) return withoutFile(context, 'video');
    const { question, answer } = (first(pairs) ?? {}) as { question?: unknown; answer?: unknown };
    return toStandardRow({ query: question, response: answer, videos: [file] }, context);
  }
}
