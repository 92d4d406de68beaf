import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/IQuestLab/IQuest-Coder-V1-40B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'iquestcoder', agent: 'hermes', summary: 'ChatML of IQuest-Coder' })
export class Iquestcoder extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    default_system: 'You are LoopCoder, a helpful assistant developed by IQuest.',
  };
}
