import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/internlm/internlm-chat-7b/blob/main/tokenizer_config.json */
@template({ id: 'internlm', summary: '<|User|>: turns of InternLM' })
export class Internlm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s><|System|>:{{SYSTEM}}\n'],
    prompt: ['<|User|>:{{QUERY}}\n<|Bot|>:'],
    chat_sep: ['<eoa>\n'],
    suffix: ['<eoa>'],
    default_system:
      'You are an AI assistant whose name is InternLM (书生·浦语).\n- InternLM (书生·浦语) is a conversational language model that is developed by Shanghai AI Laboratory (上海人工智能实验室). It is designed to be helpful, honest, and harmless.\n- InternLM (书生·浦语) can understand and communicate fluently in the language chosen by the user such as English and 中文.',
  };
}
