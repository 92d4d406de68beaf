import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

@template({
  id: 'qwen2-vl-generation',
  summary: 'Question and answer run together, for the base models of Qwen2-VL',
})
export class Qwen2VlGeneration extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
    auto_add_bos: true,
  };
}
