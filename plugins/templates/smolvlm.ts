import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/HuggingFaceTB/SmolVLM-256M-Instruct/blob/main/chat_template.json */
@template({ id: 'smolvlm', summary: 'User: and Assistant: of SmolVLM' })
export class SmolVlm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|im_start|>'],
    system_prefix: ['<|im_start|>System:{{SYSTEM}}<end_of_utterance>\n'],
    prompt: ['User:{{QUERY}}<end_of_utterance>\nAssistant:'],
    chat_sep: ['<end_of_utterance>\n'],
    suffix: ['<end_of_utterance>'],
  };
}
