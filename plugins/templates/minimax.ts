import { SpecTemplate, template } from 'swift-ts/plugin';
import { MINIMAX } from './_minimax.js';

/** https://huggingface.co/MiniMaxAI/MiniMax-Text-01/blob/main/tokenizer_config.json */
@template({ id: 'minimax', summary: '<beginning_of_sentence> turns of MiniMax-Text-01' })
export class Minimax extends SpecTemplate {
  readonly spec = MINIMAX;
}
