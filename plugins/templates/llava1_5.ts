import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** As SWIFT 3 has it under the id llava1_5_hf: SWIFT 2 knew no system prompt here. */
@template({ id: 'llava1_5', summary: 'USER: and ASSISTANT: of LLaVA-1.5' })
export class Llava15 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s>{{SYSTEM}}\n'],
    prompt: ['USER: {{QUERY}}\nASSISTANT:'],
    chat_sep: ['</s>'],
    suffix: ['</s>'],
  };
}
