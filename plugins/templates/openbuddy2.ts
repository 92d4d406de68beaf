import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/OpenBuddy/openbuddy-llama3-8b-v21.1-8k */
@template({ id: 'openbuddy2', summary: '<|role|> turns of later OpenBuddy models' })
export class Openbuddy2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|role|>system<|says|>{{SYSTEM}}<|end|>\n'],
    prompt: ['<|role|>user<|says|>{{QUERY}}<|end|>\n<|role|>assistant<|says|>'],
    chat_sep: ['<|end|>\n'],
    suffix: ['<|end|>'],
    auto_add_bos: true,
  };
}
