import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_CODER } from './_renamed.js';

/** https://huggingface.co/deepseek-ai/deepseek-coder-6.7b-instruct/blob/main/tokenizer_config.json */
@template({ id: 'deepseek-coder', summary: '### Instruction turns of DeepSeek Coder' })
export class DeepseekCoder extends SpecTemplate {
  readonly spec = DEEPSEEK_CODER;
}
