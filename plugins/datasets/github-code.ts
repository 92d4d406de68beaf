import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/codeparrot/github-code */
@dataset({
  id: 'github-code',
  summary: 'Source code of GitHub for pre-training',
  hf: 'codeparrot/github-code',
  ms: 'swift/github-code',
  tags: ['pretrain', 'quality'],
})
export class GithubCode extends ColumnPreprocessor {
  readonly columns = { code: 'response' };
}
