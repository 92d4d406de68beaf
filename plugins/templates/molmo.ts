import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/allenai/Molmo-7B-D-0924/blob/main/preprocessing_molmo.py */
@template({ id: 'molmo', summary: 'User: and Assistant: of Molmo, one question' })
export class Molmo extends SpecTemplate {
  readonly spec: TemplateSpec = {
    // Its processor begins every text with what ends one.
    prefix: ['<|endoftext|>'],
    system_prefix: null,
    prompt: [' User: {{QUERY}} Assistant:'],
    chat_sep: null,
    suffix: ['<|endoftext|>'],
  };
}
