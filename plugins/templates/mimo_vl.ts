import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/XiaomiMiMo/MiMo-VL-7B-SFT/blob/main/chat_template.json */
@template({ id: 'mimo_vl', agent: 'hermes', summary: 'ChatML of MiMo-VL' })
export class MimoVl extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system: 'You are MiMo, an AI assistant developed by Xiaomi.',
  };
}
