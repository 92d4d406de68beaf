import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/BytedanceDouyinContent/SAIL-VL2-2B/blob/main/conversation.py: no line break stands between turns. */
@template({ id: 'sail_vl2', summary: 'ChatML of SAIL-VL2, without line breaks between turns' })
export class SailVl2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system: '你是由抖音内容理解组开发的多模态大模型，英文名叫UniVL, 是一个有用无害的人工智能助手。',
    system_prefix: ['<|im_start|>system\n{{SYSTEM}}<|im_end|>'],
    prompt: ['<|im_start|>user\n{{QUERY}}<|im_end|><|im_start|>assistant\n'],
    chat_sep: ['<|im_end|>'],
    auto_add_bos: true,
  };
}
