import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://github.com/deepseek-ai/Janus/blob/main/janus/utils/conversation.py */
@template({
  id: 'deepseek_janus_pro',
  summary: '<|User|>: and <|Assistant|>: of Janus-Pro',
})
export class DeepseekJanusPro extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: [['bos_token_id'], '{{SYSTEM}}\n\n'],
    prompt: ['<|User|>: {{QUERY}}\n\n<|Assistant|>:'],
    chat_sep: [['eos_token_id']],
    suffix: [['eos_token_id']],
    default_system:
      'You are a helpful language and vision assistant. You are able to understand the visual content that the user provides, and assist the user with a variety of tasks using natural language.',
  };
}
