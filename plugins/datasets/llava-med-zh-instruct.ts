import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/BUAADreamer/llava-med-zh-instruct-60k */
@dataset({
  id: 'llava-med-zh-instruct',
  summary: '56,649 conversations about medical images, Chinese',
  hf: 'BUAADreamer/llava-med-zh-instruct-60k',
  ms: 'swift/llava-med-zh-instruct-60k',
  tags: ['zh', 'medical', 'vqa'],
})
export class LlavaMedZhInstruct extends ColumnPreprocessor {
  readonly columns = { messages: 'messages', images: 'images' };
}
