import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/Langboat/Mengzi3-13B-Base */
@template({ id: 'mengzi', summary: 'Chinese instruction, input, output of Mengzi3' })
export class Mengzi extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['指令：{{SYSTEM}}'],
    prompt: ['输入：{{QUERY}}输出：\n'],
    chat_sep: [],
    suffix: [['eos_token_id']],
  };
}
