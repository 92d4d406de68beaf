import { agent } from 'swift-ts/plugin';
import { LlamaAgent, type LlamaTokens } from './_llama.js';

/** https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1 */
@agent({ id: 'llama3', summary: 'JSON calls of Llama 3.1 to 3.3' })
export class Llama3Agent extends LlamaAgent {
  protected readonly tokens: LlamaTokens = {
    header: ['<|start_header_id|>', '<|end_header_id|>'],
    endOfTurn: '<|eot_id|>',
    endOfMessage: '<|eom_id|>',
  };
}
