import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/flaviagiammarino/path-vqa (arXiv 2003.10286) */
@dataset({
  id: 'path-vqa',
  summary: 'Questions about images of pathology',
  hf: 'flaviagiammarino/path-vqa',
  ms: 'swift/path-vqa',
  tags: ['multi-modal', 'vqa', 'medical'],
})
export class PathVqa extends ColumnPreprocessor {
  readonly columns = { image: 'images', question: 'query', answer: 'response' };
}
