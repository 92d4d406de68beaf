import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3 } from './_llama3.js';

/** https://huggingface.co/meta-llama/Meta-Llama-3-8B-Instruct/blob/main/tokenizer_config.json */
@template({
  id: 'llama3',
  agent: 'llama3',
  summary: 'Header turns of Llama 3',
  also: {
    'llava-llama-instruct': 'Header turns of LLaVA on Llama 3',
    'llava-next-llama3': 'Header turns of LLaVA-NeXT on Llama 3.1',
    'llama-llava-next-hf': 'Header turns of LLaVA-NeXT on Llama 3',
    'minicpm-v-v2_5': 'Header turns of MiniCPM-V 2.5',
    minicpmv2_5: 'minicpm-v-v2_5 under its later id',
  },
})
export class Llama3 extends SpecTemplate {
  readonly spec = LLAMA3;
}
