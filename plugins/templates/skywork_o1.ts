import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3_DATED } from './_llama3.js';

/** https://huggingface.co/Skywork/Skywork-o1-Open-Llama-3.1-8B/blob/main/tokenizer_config.json */
@template({ id: 'skywork_o1', summary: 'Llama 3.1 turns of Skywork-o1' })
export class SkyworkO1 extends SpecTemplate {
  readonly spec = LLAMA3_DATED;
}
