import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/ShengbinYue/DISC-Law-SFT */
@dataset({
  id: 'disc-law-sft-zh',
  summary: 'Legal tasks, Chinese',
  hf: 'ShengbinYue/DISC-Law-SFT',
  ms: 'AI-ModelScope/DISC-Law-SFT',
  tags: ['chat', 'law'],
})
export class DiscLawSftZh extends ColumnPreprocessor {
  readonly columns = { input: 'query', output: 'response' };
}
