import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/deepseek-ai/deepseek-coder-6.7b-instruct/blob/main/tokenizer_config.json */
@template({
  id: 'deepseek-coder',
  summary: '### Instruction turns of DeepSeek Coder',
  also: { deepseek_coder: 'deepseek-coder under its later id' },
})
export class DeepseekCoder extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['### Instruction:\n{{QUERY}}\n### Response:\n'],
    chat_sep: ['\n<|EOT|>\n'],
    suffix: ['\n<|EOT|>'],
    default_system:
      'You are an AI programming assistant, utilizing the Deepseek Coder model, developed by Deepseek Company, and you only answer questions related to computer science. For politically sensitive questions, security and privacy issues, and other non-computer science questions, you will refuse to answer\n',
  };
}
