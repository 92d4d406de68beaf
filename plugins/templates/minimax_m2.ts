import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MINIMAX_M2 } from './_minimax.js';

/** https://huggingface.co/MiniMaxAI/MiniMax-M2/blob/main/tokenizer_config.json */
@template({ id: 'minimax_m2', agent: 'minimax_m2', summary: ']~b] turns of MiniMax-M2, which always thinks' })
export class MinimaxM2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MINIMAX_M2,
    default_system: 'You are MiniMax-M2, a helpful AI assistant built by MiniMax. Knowledge cutoff: 2025-06.',
  };
}
