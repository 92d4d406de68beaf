import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-VL-4B-Instruct/blob/main/chat_template.json */
@template({
  id: 'qwen3_vl',
  agent: 'hermes',
  summary: 'ChatML of Qwen3-VL',
  also: { qwen3_omni: 'ChatML of Qwen3-Omni', keye_vl: 'ChatML of Keye-VL' },
})
export class Qwen3Vl extends SpecTemplate {
  readonly spec: TemplateSpec = QWEN;
}
