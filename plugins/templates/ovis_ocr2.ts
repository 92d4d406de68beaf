import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN3_5 } from './_chatml.js';

/** https://huggingface.co/ATH-MaaS/OvisOCR2 */
@template({ id: 'ovis_ocr2', agent: 'qwen3_5', summary: 'ChatML of OvisOCR2, which does not think' })
export class OvisOcr2 extends SpecTemplate {
  readonly spec: TemplateSpec = { ...QWEN3_5, generation_prefix: '<think>\n\n</think>\n\n' };
}
