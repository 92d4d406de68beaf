import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/AI-MO/NuminaMath-7B-TIR */
@template({
  id: 'numina-math',
  summary: '### Problem and ### Solution of NuminaMath',
  also: { numina: 'numina-math under its later id' },
})
export class NuminaMath extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: [['bos_token_id'], '{{SYSTEM}}'],
    prompt: ['### Problem: {{QUERY}}\n### Solution: '],
    chat_sep: ['\n'],
    suffix: [['eos_token_id']],
  };
}
