import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/Infinigence/Megrez-3B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'megrez', summary: '<|role_start|> turns of Megrez' })
export class Megrez extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|role_start|>system<|role_end|><|turn_end|>'],
    system_prefix: ['<|role_start|>system<|role_end|>{{SYSTEM}}<|turn_end|>'],
    prompt: ['<|role_start|>user<|role_end|>{{QUERY}}<|turn_end|><|role_start|>assistant<|role_end|>'],
    chat_sep: ['<|turn_end|>'],
    suffix: ['<|turn_end|>'],
    default_system: '你是Megrez-3B-Instruct，将针对用户的问题给出详细的、积极的回答。',
  };
}
