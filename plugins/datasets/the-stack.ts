import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/bigcode/the-stack */
@dataset({
  id: 'the-stack',
  summary: 'Source code for pre-training',
  hf: 'bigcode/the-stack',
  ms: 'AI-ModelScope/the-stack',
  tags: ['pretrain', 'quality'],
})
export class TheStack extends ColumnPreprocessor {
  readonly columns = { content: 'response' };
}
