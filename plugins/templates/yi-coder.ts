import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/01-ai/Yi-Coder-9B-Chat/blob/main/tokenizer_config.json */
@template({
  id: 'yi-coder',
  summary: 'ChatML of Yi-Coder',
  also: { yi_coder: 'yi-coder under its later id' },
})
export class YiCoder extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system: 'You are a helpful assistant.',
    auto_add_bos: true,
  };
}
