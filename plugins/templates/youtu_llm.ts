import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/tencent/Youtu-LLM-2B/blob/main/tokenizer_config.json */
@template({
  id: 'youtu_llm',
  agent: 'youtu',
  summary: '<|User|> turns of Youtu-LLM; thoughts may come first',
})
export class YoutuLlm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: [['bos_token_id'], '{{SYSTEM}}'],
    prompt: ['<|User|>{{QUERY}}<|Assistant|>'],
    chat_sep: ['<|end_of_text|>'],
    suffix: ['<|end_of_text|>'],
    thinking: 'add-empty',
  };
}
