import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Tongyi-Zhiwen/DocQA-RL-1.6K (arXiv 2505.17667): messages in `prompt`; rewards find the answer in `reward_model`. */
@dataset({
  id: 'docqa-rl-1.6k',
  summary: '1,591 questions about long documents, with answers for rewards',
  hf: 'Tongyi-Zhiwen/DocQA-RL-1.6K',
  ms: 'iic/DocQA-RL-1.6K',
  tags: ['docqa', 'rl', 'long-sequence'],
})
export class DocQaRl implements Preprocessor {
  toRow({ prompt }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return toStandardRow({ messages: prompt }, context);
  }
}
