import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/deepseek-ai/DeepSeek-OCR/blob/main/modeling_deepseekocr.py */
@template({
  id: 'deepseek_ocr',
  summary: 'Plain text of DeepSeek-OCR',
  also: { deepseek_ocr2: 'Plain text of DeepSeek-OCR 2' },
})
export class DeepseekOcr extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<｜begin▁of▁sentence｜>'],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
  };
}
