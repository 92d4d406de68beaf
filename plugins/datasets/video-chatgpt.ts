import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** The first that a row has. */
const QUESTIONS = ['question', 'question_1', 'question_2'];

/** https://huggingface.co/datasets/lmms-lab/VideoChatGPT (arXiv 2306.05424): video_name, question or question_1 and question_2, answer; the videos are in an archive. */
@dataset({
  id: 'video-chatgpt',
  summary: 'Questions about videos: what happens in them, and when',
  hf: 'lmms-lab/VideoChatGPT',
  ms: 'swift/VideoChatGPT',
  subsets: ['Generic', 'Temporal', 'Consistency'],
  split: 'test',
  media: [{ name: 'videos', files: ['videos.zip'] }],
  tags: ['chat', 'multi-modal', 'video'],
})
export class VideoChatGpt implements Preprocessor {
  toRow(raw: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('videos', `Test_Videos/${textIn(raw.video_name)}.mp4`);
    if (file === undefined) return withoutFile(context, 'video');
    const query = QUESTIONS.map((column) => raw[column]).find(
      (question) => question !== undefined && question !== null && question !== 'None',
    );
    return toStandardRow({ query, response: raw.answer, videos: [file] }, context);
  }
}
