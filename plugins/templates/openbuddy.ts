import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/OpenBuddy/openbuddy-llama2-13b-v8.1-fp16 */
@template({ id: 'openbuddy', summary: 'User/Assistant turns of OpenBuddy on Llama 1 and 2' })
export class Openbuddy extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}\n\n'],
    prompt: ['User: {{QUERY}}\nAssistant:'],
    chat_sep: ['\n'],
    suffix: [['eos_token_id']],
    auto_add_bos: true,
  };
}
