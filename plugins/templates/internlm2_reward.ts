import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/internlm/internlm2-1_8b-reward/blob/main/tokenizer_config.json */
@template({ id: 'internlm2_reward', summary: 'ChatML of the InternLM2 reward models' })
export class Internlm2Reward extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    suffix: ['<|im_end|>\n<|reward|>'],
    auto_add_bos: true,
  };
}
