import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/**
 * https://huggingface.co/deepseek-ai/deepseek-llm-7b-chat/blob/main/tokenizer_config.json
 * deepseek2: https://huggingface.co/deepseek-ai/DeepSeek-V2-Chat/blob/main/tokenizer_config.json
 */
@template({
  id: 'deepseek',
  summary: 'User/Assistant turns of DeepSeek LLM and V2',
  also: { deepseek2: 'User/Assistant turns of DeepSeek-V2' },
})
export class Deepseek extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: [['bos_token_id'], '{{SYSTEM}}\n\n'],
    prompt: ['User: {{QUERY}}\n\nAssistant:'],
    chat_sep: [['eos_token_id']],
    suffix: [['eos_token_id']],
  };
}
