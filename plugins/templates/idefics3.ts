import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/HuggingFaceM4/Idefics3-8B-Llama3/blob/main/chat_template.json */
@template({ id: 'idefics3', summary: 'User: and Assistant: of Idefics3' })
export class Idefics3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|begin_of_text|>'],
    system_prefix: ['<|begin_of_text|>System:{{SYSTEM}}<end_of_utterance>\n'],
    prompt: ['User:{{QUERY}}<end_of_utterance>\nAssistant:'],
    chat_sep: ['<end_of_utterance>\n'],
    suffix: ['<end_of_utterance>'],
  };
}
