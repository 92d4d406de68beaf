import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/rednote-hilab/dots.ocr/blob/main/chat_template.json */
@template({ id: 'dots_ocr', summary: '<|user|> turns of dots.ocr' })
export class DotsOcr extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|system|>{{SYSTEM}}<|endofsystem|>\n'],
    prompt: ['<|user|>{{QUERY}}<|endofuser|><|assistant|>'],
    chat_sep: ['<|endofassistant|>'],
    suffix: ['<|endofassistant|>'],
  };
}
