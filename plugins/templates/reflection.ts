import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3 } from './_llama3.js';

/** https://huggingface.co/mattshumer/Reflection-Llama-3.1-70B/blob/main/tokenizer_config.json */
@template({
  id: 'reflection',
  agent: 'llama3',
  summary: 'Llama 3 turns with a prompt to think, answer and correct',
})
export class Reflection extends SpecTemplate {
  readonly spec = {
    ...LLAMA3,
    default_system:
      'You are a world-class AI system, capable of complex reasoning and reflection. Reason through the query inside <thinking> tags, and then provide your final response inside <output> tags. If you detect that you made a mistake in your reasoning at any point, correct yourself inside <reflection> tags.',
  };
}
