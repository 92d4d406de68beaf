import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3_DATED } from './_llama3.js';

/** https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/blob/main/tokenizer_config.json */
@template({
  id: 'llama3_2',
  agent: 'llama3',
  summary: 'Header turns of Llama 3.1 to 3.3, with dates in the system turn',
  also: { llama3_2_vision: 'Header turns of Llama 3.2 Vision, with dates in the system turn' },
})
export class Llama3_2 extends SpecTemplate {
  readonly spec = LLAMA3_DATED;
}
