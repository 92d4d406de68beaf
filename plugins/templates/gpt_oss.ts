import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/openai/gpt-oss-20b/blob/main/tokenizer_config.json */
@template({ id: 'gpt_oss', summary: 'Harmony turns of gpt-oss' })
export class GptOss extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [
      '<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\nCurrent date: 2024-07-26\n\nReasoning: medium\n\n# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>',
    ],
    system_prefix: [
      '<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\nCurrent date: 2024-07-26\n\nReasoning: medium\n\n# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>',
      '<|start|>developer<|message|># Instructions\n\n{{SYSTEM}}<|end|>',
    ],
    prompt: ['<|start|>user<|message|>{{QUERY}}<|end|><|start|>assistant'],
    chat_sep: ['<|end|>'],
    suffix: ['<|return|>'],
    thinking: 'add-empty',
    empty_thinking: '<|channel|>final<|message|>',
    history_thinking: '<|channel|>final<|message|>',
  };
}
