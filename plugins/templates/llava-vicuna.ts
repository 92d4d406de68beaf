import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/llava-hf/llava-v1.6-vicuna-7b-hf */
@template({ id: 'llava-vicuna', summary: 'USER: and ASSISTANT: of LLaVA-NeXT on Vicuna' })
export class LlavaVicuna extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s>{{SYSTEM}} '],
    prompt: ['USER: {{QUERY}} ASSISTANT:'],
    chat_sep: ['</s>'],
    suffix: ['</s>'],
    default_system:
      "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the human's questions.",
  };
}
