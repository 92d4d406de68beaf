import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MOONSHOT } from './_moonshot.js';

/**
 * https://huggingface.co/moonshotai/Moonlight-16B-A3B-Instruct/blob/main/tokenizer_config.json
 * kimi_vl: https://huggingface.co/moonshotai/Kimi-VL-A3B-Instruct/blob/main/tokenizer_config.json
 */
@template({
  id: 'moonlight',
  summary: '<|im_user|> turns of Moonlight',
  also: { kimi_vl: '<|im_user|> turns of Kimi-VL' },
})
export class Moonlight extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MOONSHOT,
    default_system: 'You are a helpful assistant',
  };
}
