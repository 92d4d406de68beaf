import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/llava-hf/LLaVA-NeXT-Video-7B-hf */
@template({ id: 'llava-next-video', summary: 'USER: and ASSISTANT: of LLaVA-NeXT-Video' })
export class LlavaNextVideo extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s> '],
    system_prefix: ['<s>{{SYSTEM}} '],
    prompt: ['USER: {{QUERY}} ASSISTANT:'],
    chat_sep: [' '],
    suffix: ['</s>'],
  };
}
