import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/MaziyarPanahi/WizardLM-2-7B-AWQ/blob/main/tokenizer_config.json */
@template({ id: 'wizardlm2-awq', summary: 'User and Assistant on lines of their own, of WizardLM-2-7B' })
export class Wizardlm2Awq extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['User:\n{{QUERY}}\n\nAssistant:\n'],
    chat_sep: ['\n\n'],
    suffix: ['</s>'],
  };
}
