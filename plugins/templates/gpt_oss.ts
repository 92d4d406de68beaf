import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** Every conversation begins with it; the day it states is a fixed one. */
const SYSTEM = `<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
Knowledge cutoff: 2024-06
Current date: 2024-07-26

Reasoning: medium

# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>`;

/** https://huggingface.co/openai/gpt-oss-20b/blob/main/tokenizer_config.json */
@template({ id: 'gpt_oss', summary: 'Harmony turns of gpt-oss' })
export class GptOss extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [SYSTEM],
    system_prefix: [SYSTEM, '<|start|>developer<|message|># Instructions\n\n{{SYSTEM}}<|end|>'],
    prompt: ['<|start|>user<|message|>{{QUERY}}<|end|><|start|>assistant'],
    chat_sep: ['<|end|>'],
    suffix: ['<|return|>'],
    thinking: 'add-empty',
    empty_thinking: '<|channel|>final<|message|>',
    thought: '<|channel|>analysis<|message|>{{THOUGHT}}<|end|><|start|>assistant<|channel|>final<|message|>',
    history_thinking: '<|channel|>final<|message|>',
  };
}
