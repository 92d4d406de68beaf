import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/bigcode/starcoderdata */
@dataset({
  id: 'starcoder',
  summary: 'Source code for pre-training',
  hf: 'bigcode/starcoderdata',
  ms: 'AI-ModelScope/starcoderdata',
  tags: ['pretrain', 'quality'],
})
export class Starcoder extends ColumnPreprocessor {
  readonly columns = { content: 'response' };
}
