import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/llava-hf/LLaVA-NeXT-Video-34B-hf */
@template({ id: 'llava-next-video-yi', summary: 'USER: and ASSISTANT: of LLaVA-NeXT-Video on Yi' })
export class LlavaNextVideoYi extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [' '],
    system_prefix: ['{{SYSTEM}} '],
    prompt: ['USER: {{QUERY}} ASSISTANT:'],
    chat_sep: [' '],
    suffix: ['<|im_end|>'],
  };
}
