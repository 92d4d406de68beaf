import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { TELECHAT } from './_telechat.js';

/** https://huggingface.co/Tele-AI/TeleChat2-3B/blob/main/tokenizer_config.json */
@template({ id: 'telechat2', summary: '<_user> turns of TeleChat2' })
export class Telechat2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...TELECHAT,
    auto_add_bos: true,
    default_system:
      '你是中国电信星辰语义大模型，英文名是TeleChat，你是由中电信人工智能科技有限公司和中国电信人工智能研究院（TeleAI）研发的人工智能助手。',
  };
}
