import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/codefuse-ai/CodeFuse-CodeGeeX2-6B/blob/main/tokenizer_config.json */
@template({ id: 'codefuse', summary: '<s>human turns of CodeFuse' })
export class Codefuse extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<s>system\n{{SYSTEM}}\n'],
    prompt: ['<s>human\n{{QUERY}}\n<s>bot\n'],
    chat_sep: [['eos_token_id'], '\n'],
    suffix: [['eos_token_id']],
  };
}
