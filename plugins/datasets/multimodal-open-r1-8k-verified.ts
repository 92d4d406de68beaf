import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/lmms-lab/multimodal-open-r1-8k-verified: image, problem and solution. */
@dataset({
  id: 'multimodal-open-r1-8k-verified',
  summary: '7,689 problems about images, with checked solutions',
  hf: 'lmms-lab/multimodal-open-r1-8k-verified',
  ms: 'lmms-lab/multimodal-open-r1-8k-verified',
  tags: ['grpo', 'vision'],
})
export class MultimodalOpenR18kVerified extends AutoPreprocessor {}
