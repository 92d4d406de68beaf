import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/THUDM/chatglm2-6b/blob/main/tokenizer_config.json */
@template({ id: 'chatglm2', summary: 'Numbered Chinese rounds of ChatGLM2' })
export class Chatglm2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['[gMASK]sop'],
    system_prefix: ['[gMASK]sop{{SYSTEM}}'],
    prompt: ['[Round {{ROUND1}}]\n\n问：{{QUERY}}\n\n答：'],
    chat_sep: ['\n\n'],
    suffix: [['eos_token_id']],
  };
}
