import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/HuggingFaceM4/VQAv2 (arXiv 1612.00837) */
@dataset({
  id: 'vqa-v2',
  summary: 'Questions about photographs of COCO with short answers',
  hf: 'HuggingFaceM4/VQAv2',
  ms: 'swift/VQAv2',
  tags: ['en', 'vqa', 'quality'],
})
export class VqaV2 extends ColumnPreprocessor {
  readonly columns = { question: 'query', multiple_choice_answer: 'response', image: 'images' };
}
