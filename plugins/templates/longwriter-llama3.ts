import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/THUDM/LongWriter-llama3.1-8b */
@template({
  id: 'longwriter-llama3',
  summary: '[INST] turns of LongWriter-llama3.1',
  also: { longwriter_llama: 'longwriter-llama3 under its later id' },
})
export class LongwriterLlama3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['[INST]'],
    system_prefix: ['<<SYS>>\n{{SYSTEM}}\n<</SYS>>\n\n'],
    prompt: ['{{QUERY}}[/INST]'],
    chat_sep: ['[INST]'],
    suffix: ['<|end_of_text|>'],
  };
}
