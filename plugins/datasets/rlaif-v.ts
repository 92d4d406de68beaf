import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/openbmb/RLAIF-V-Dataset (arXiv 2405.17220): question, chosen, rejected and image. */
@dataset({
  id: 'rlaif-v',
  summary: "models' preferences between answers to questions about images",
  hf: 'openbmb/RLAIF-V-Dataset',
  ms: 'swift/RLAIF-V-Dataset',
  tags: ['rlhf', 'dpo', 'multi-modal', 'en'],
})
export class RlaifV extends AutoPreprocessor {}
