import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/yys/OpenOrca-Chinese */
@dataset({
  id: 'open-orca-chinese',
  summary: 'OpenOrca in Chinese',
  hf: 'yys/OpenOrca-Chinese',
  ms: 'AI-ModelScope/OpenOrca-Chinese',
  tags: ['QA', 'zh', 'general', 'quality'],
})
export class OpenOrcaChinese extends ColumnPreprocessor {
  readonly columns = { system_prompt: 'system', question: 'query', response: 'response' };
}
