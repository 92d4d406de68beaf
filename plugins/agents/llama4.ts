import { agent } from 'swift-ts/plugin';
import { LlamaAgent, type LlamaTokens } from './_llama.js';

/** https://www.llama.com/docs/model-cards-and-prompt-formats/llama4 */
@agent({ id: 'llama4', summary: 'JSON calls of Llama 4' })
export class Llama4Agent extends LlamaAgent {
  protected readonly tokens: LlamaTokens = {
    header: ['<|header_start|>', '<|header_end|>'],
    endOfTurn: '<|eot|>',
    endOfMessage: '<|eom|>',
  };
}
