import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Flmc/DISC-Med-SFT */
@dataset({
  id: 'disc-med-sft-zh',
  summary: 'Medical dialogues, Chinese',
  hf: 'Flmc/DISC-Med-SFT',
  ms: 'AI-ModelScope/DISC-Med-SFT',
  tags: ['chat', 'medical'],
})
export class DiscMedSftZh extends AutoPreprocessor {}
