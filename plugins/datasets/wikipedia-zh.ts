import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/pleisto/wikipedia-cn-20230720-filtered */
@dataset({
  id: 'wikipedia-zh',
  summary: 'Filtered Chinese Wikipedia, for pre-training',
  hf: 'pleisto/wikipedia-cn-20230720-filtered',
  ms: 'AI-ModelScope/wikipedia-cn-20230720-filtered',
  tags: ['text-generation', 'general', 'pretrained'],
})
export class WikipediaZh extends ColumnPreprocessor {
  readonly columns = { completion: 'response' };
}
