import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { INTERNLM_SYSTEM } from './_internlm.js';

/** https://huggingface.co/internlm/internlm-chat-7b/blob/main/tokenizer_config.json */
@template({ id: 'internlm', summary: '<|User|>: turns of InternLM' })
export class Internlm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s><|System|>:{{SYSTEM}}\n'],
    prompt: ['<|User|>:{{QUERY}}\n<|Bot|>:'],
    chat_sep: ['<eoa>\n'],
    suffix: ['<eoa>'],
    default_system: INTERNLM_SYSTEM,
  };
}
