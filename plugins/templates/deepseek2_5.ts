import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { DEEPSEEK_V2_5 } from './_deepseek.js';

/** https://huggingface.co/deepseek-ai/DeepSeek-V2.5/blob/main/tokenizer_config.json */
@template({ id: 'deepseek2_5', summary: 'Turns of DeepSeek-V2.5' })
export class Deepseek2_5 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...DEEPSEEK_V2_5,
    chat_sep: ['<｜end_of_sentense｜>'],
    suffix: ['<｜end_of_sentense｜>'],
  };
}
