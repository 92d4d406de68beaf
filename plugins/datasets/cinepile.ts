import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/tomg-group-umd/cinepile (arXiv 2405.08813): the videos are addresses of YouTube. */
@dataset({
  id: 'cinepile',
  summary: 'Questions about scenes of films',
  hf: 'tomg-group-umd/cinepile',
  ms: 'swift/cinepile',
  tags: ['vqa', 'en', 'youtube', 'video'],
})
export class Cinepile extends ColumnPreprocessor {
  readonly columns = { yt_clip_link: 'video', question: 'query', answer_key: 'response' };
}
