import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/TIGER-Lab/WebInstructSub (MAmmoTH2, arXiv 2405.03548) */
@dataset({
  id: 'web-instruct-sub',
  summary: 'Questions and answers of science and mathematics found on the web, English',
  hf: 'TIGER-Lab/WebInstructSub',
  ms: 'swift/WebInstructSub',
  tags: ['qa', 'en', 'math', 'quality', 'multi-domain', 'science'],
})
export class WebInstructSub extends ColumnPreprocessor {
  readonly columns = { question: 'query', answer: 'response' };
}
