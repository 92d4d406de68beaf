import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/alpindale/WizardLM-2-8x22B/blob/main/tokenizer_config.json */
@template({
  id: 'wizardlm2',
  summary: 'USER and ASSISTANT turns of WizardLM-2',
  also: { wizardlm2_moe: 'wizardlm2 under its later id' },
})
export class Wizardlm2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['USER: {{QUERY}} ASSISTANT:'],
    chat_sep: ['</s>'],
    suffix: ['</s>'],
    default_system:
      "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions. ",
  };
}
