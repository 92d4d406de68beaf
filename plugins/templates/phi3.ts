import { SpecTemplate, template } from 'swift-ts/plugin';
import { PHI3 } from './_phi3.js';

/** https://huggingface.co/microsoft/Phi-3.5-mini-instruct/blob/main/tokenizer_config.json */
@template({
  id: 'phi3',
  summary: '<|user|> turns of Phi-3',
  also: {
    'phi3-vl': '<|user|> turns of Phi-3-Vision',
    phi3_vision: 'phi3-vl under its later id',
  },
})
export class Phi3 extends SpecTemplate {
  readonly spec = PHI3;
}
