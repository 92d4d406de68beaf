import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/mistralai/Mistral-Nemo-Instruct-2407/blob/main/tokenizer_config.json */
@template({
  id: 'mistral-nemo',
  summary: '[INST] turns of Mistral Nemo, the system prompt in the last one',
  also: { mistral_nemo: 'mistral-nemo under its later id' },
})
export class MistralNemo extends SpecTemplate {
  /** The system prompt stands in the last turn, as in the vendor's template and SWIFT 3; SWIFT 2 puts it in the first. */
  readonly spec: TemplateSpec = {
    prefix: ['<s>[INST] '],
    system_prefix: null,
    prompt: ['{{SYSTEM}}\n\n', '{{QUERY}}[/INST]'],
    chat_sep: ['</s>[INST] '],
    suffix: ['</s>'],
    system_turn: 'last',
  };
}
