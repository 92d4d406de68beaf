import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MINIMAX_M2 } from './_minimax.js';

/** https://huggingface.co/MiniMaxAI/MiniMax-M2.1/blob/main/tokenizer_config.json */
@template({
  id: 'minimax_m2_1',
  agent: 'minimax_m2',
  summary: ']~b] turns of MiniMax-M2.1, which always thinks',
})
export class MinimaxM2_1 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MINIMAX_M2,
    default_system: 'You are a helpful assistant. Your name is MiniMax-M2.1 and is built by MiniMax.',
  };
}
