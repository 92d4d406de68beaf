import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/THUDM/chatglm3-6b-base/blob/main/tokenizer_config.json */
@template({ id: 'chatglm-generation', summary: 'No format, for ChatGLM base models' })
export class ChatglmGeneration extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['[gMASK]sop'],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
  };
}
