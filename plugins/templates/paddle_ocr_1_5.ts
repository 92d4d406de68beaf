import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/PaddlePaddle/PaddleOCR-VL-1.5/blob/main/chat_template.jinja */
@template({ id: 'paddle_ocr_1_5', summary: 'User/Assistant turns of PaddleOCR-VL 1.5' })
export class PaddleOcr15 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|begin_of_sentence|>'],
    system_prefix: ['<|begin_of_sentence|>{{SYSTEM}}\n'],
    prompt: ['User: {{QUERY}}\nAssistant:\n'],
    chat_sep: ['<|end_of_sentence|>'],
    suffix: ['</s>'],
  };
}
