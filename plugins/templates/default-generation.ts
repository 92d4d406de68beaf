import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** No format at all: the query, then the answer, then EOS. One turn, no system prompt. */
@template({
  id: 'default-generation',
  summary: 'Question and answer run together, for base models',
  also: {
    'qwen2-audio-generation': 'Question and answer run together, for the base models of Qwen2-Audio',
    'qwen2-vl-generation': 'Question and answer run together, for the base models of Qwen2-VL',
    'qwen-vl-generation': 'Question and answer run together, for the base model of Qwen-VL',
    'qwen-audio-generation': 'Question and answer run together, for the base model of Qwen-Audio',
  },
})
export class DefaultGeneration extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
    auto_add_bos: true,
  };
}
