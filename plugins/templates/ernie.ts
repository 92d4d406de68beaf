import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/baidu/ERNIE-4.5-0.3B-PT/blob/main/tokenizer_config.json */
@template({
  id: 'ernie',
  summary: 'User/Assistant turns of ERNIE 4.5',
  also: { paddle_ocr: 'User/Assistant turns of PaddleOCR-VL' },
})
export class Ernie extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|begin_of_sentence|>'],
    system_prefix: ['<|begin_of_sentence|>{{SYSTEM}}\n'],
    prompt: ['User: {{QUERY}}\nAssistant: '],
    chat_sep: ['<|end_of_sentence|>'],
    suffix: ['</s>'],
  };
}
