import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/allenai/tulu-v2-sft-mixture */
@dataset({
  id: 'tulu-v2-sft-mixture',
  summary: 'The instruction mixture of Tulu 2',
  hf: 'allenai/tulu-v2-sft-mixture',
  ms: 'AI-ModelScope/tulu-v2-sft-mixture',
  tags: ['chat', 'multilingual', 'general', 'multi-round'],
})
export class TuluV2SftMixture extends AutoPreprocessor {}
