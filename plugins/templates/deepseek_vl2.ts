import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { DEEPSEEK_V2_5 } from './_deepseek.js';

/** https://github.com/deepseek-ai/DeepSeek-VL2/blob/main/deepseek_vl2/models/conversation.py */
@template({ id: 'deepseek_vl2', summary: '<|User|>: and <|Assistant|>: of DeepSeek-VL2' })
export class DeepseekVl2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...DEEPSEEK_V2_5,
    prompt: ['<|User|>: {{QUERY}}\n\n<|Assistant|>:'],
  };
}
