import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/inclusionAI/Ring-2.5-1T/blob/main/tokenizer_config.json */
@template({ id: 'ring2_5', summary: '<role> turns of Ring 2.5 on lines of their own' })
export class Ring2_5 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<role>SYSTEM</role>\n{{SYSTEM}}\n\n'],
    prompt: ['<role>HUMAN</role>\n{{QUERY}}<|role_end|>\n\n<role>ASSISTANT</role>\n'],
    chat_sep: ['<|role_end|>\n\n'],
    suffix: ['<|role_end|>'],
    thinking: 'strip',
  };
}
