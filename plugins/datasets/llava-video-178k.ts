import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** https://huggingface.co/datasets/lmms-lab/LLaVA-Video-178K (arXiv 2410.02713): video and conversations; the videos of a subset are in its archives. */
@dataset({
  id: 'llava-video-178k',
  summary: 'Captions of videos, and open questions and choices about them',
  hf: 'lmms-lab/LLaVA-Video-178K',
  subsets: [
    '0_30_s_academic_v0_1',
    '0_30_s_youtube_v0_1',
    '1_2_m_academic_v0_1',
    '1_2_m_youtube_v0_1',
    '2_3_m_academic_v0_1',
    '2_3_m_youtube_v0_1',
    '30_60_s_academic_v0_1',
    '30_60_s_youtube_v0_1',
  ],
  split: ['caption', 'open_ended', 'multi_choice'],
  media: [{ name: 'videos', files: ['{subset}/{subset}_videos_*.tar.gz'] }],
  tags: ['chat', 'multi-modal', 'video'],
})
export class LlavaVideo178k implements Preprocessor {
  toRow({ video, conversations }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('videos', textIn(video));
    if (file === undefined) return withoutFile(context, 'video');
    // The tag is that of images, in whose place the video stands.
    const turns = (Array.isArray(conversations) ? (conversations as RawRow[]) : []).map((turn) => ({
      ...turn,
      value: textIn(turn.value).replaceAll('<image>', '<video>'),
    }));
    return toStandardRow({ conversations: turns, videos: [file] }, context);
  }
}
