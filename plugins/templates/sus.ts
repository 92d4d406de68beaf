import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/SUSTech/SUS-Chat-34B */
@template({ id: 'sus', summary: '### Human turns of SUS-Chat' })
export class Sus extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['### Human: {{QUERY}}\n\n### Assistant: '],
    chat_sep: ['<|endoftext|>'],
    suffix: ['<|endoftext|>'],
  };
}
