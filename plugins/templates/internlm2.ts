import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/internlm/internlm2_5-7b-chat/blob/main/tokenizer_config.json */
@template({ id: 'internlm2', summary: 'ChatML of InternLM2 to 3' })
export class Internlm2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system:
      'You are an AI assistant whose name is InternLM (书生·浦语).\n- InternLM (书生·浦语) is a conversational language model that is developed by Shanghai AI Laboratory (上海人工智能实验室). It is designed to be helpful, honest, and harmless.\n- InternLM (书生·浦语) can understand and communicate fluently in the language chosen by the user such as English and 中文.',
    auto_add_bos: true,
  };
}
