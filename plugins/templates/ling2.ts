import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/inclusionAI/Ling-mini-2.0/blob/main/tokenizer_config.json */
@template({ id: 'ling2', summary: '<role> turns of Ling 2, thinking switched off' })
export class Ling2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<role>SYSTEM</role>detailed thinking off<|role_end|>'],
    system_prefix: ['<role>SYSTEM</role>{{SYSTEM}}\ndetailed thinking off<|role_end|>'],
    prompt: ['<role>HUMAN</role>{{QUERY}}<|role_end|><role>ASSISTANT</role>'],
    chat_sep: ['<|role_end|>'],
    suffix: ['<|role_end|>'],
  };
}
