import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MOONSHOT } from './_moonshot.js';

/** https://huggingface.co/moonshotai/Kimi-K2-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'kimi_k2', summary: '<|im_user|> turns of Kimi K2' })
export class KimiK2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MOONSHOT,
    default_system: 'You are Kimi, an AI assistant created by Moonshot AI.',
  };
}
