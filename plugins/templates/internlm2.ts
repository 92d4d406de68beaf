import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';
import { INTERNLM_SYSTEM } from './_internlm.js';

/** https://huggingface.co/internlm/internlm2_5-7b-chat/blob/main/tokenizer_config.json */
@template({ id: 'internlm2', summary: 'ChatML of InternLM2 to 3' })
export class Internlm2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system: INTERNLM_SYSTEM,
    auto_add_bos: true,
  };
}
