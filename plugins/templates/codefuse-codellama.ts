import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/codefuse-ai/CodeFuse-CodeLlama-34B */
@template({
  id: 'codefuse-codellama',
  summary: '<|role_start|> turns of CodeFuse-CodeLlama',
  also: { codefuse_codellama: 'codefuse-codellama under its later id' },
})
export class CodefuseCodellama extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['<|role_start|>human<|role_end|>{{QUERY}}<|role_start|>bot<|role_end|>'],
    chat_sep: [],
    suffix: [['eos_token_id']],
  };
}
