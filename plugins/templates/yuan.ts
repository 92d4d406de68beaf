import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/IEITYuan/Yuan2-M32-hf/blob/main/tokenizer_config.json */
@template({ id: 'yuan', summary: 'One question, <sep>, one answer, of Yuan 2' })
export class Yuan extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}<sep>'],
    chat_sep: null,
    suffix: [['eos_token_id']],
  };
}
