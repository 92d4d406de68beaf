import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/openbmb/MiniCPM-1B-sft-bf16/blob/main/tokenizer_config.json */
@template({
  id: 'minicpm',
  summary: '<用户> and <AI> turns of MiniCPM',
  also: {
    'minicpm-v': '<用户> and <AI> turns of MiniCPM-V',
    minicpmv: 'minicpm-v under its later id',
  },
})
export class Minicpm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s>{{SYSTEM}}'],
    prompt: ['<用户>{{QUERY}}<AI>'],
    chat_sep: [],
    suffix: ['</s>'],
  };
}
