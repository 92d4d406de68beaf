import type { CausalLM } from '../nn/causal-lm.js';
import type { ModelConfig } from './model-loader.js';

/** Mends a loaded model before tuning: tied weights, rope scaling, a family's quirks. */
export interface Patcher {
  applies(config: ModelConfig): boolean;
  patch(model: CausalLM, config: ModelConfig): void;
}

export interface PatcherMeta {
  readonly id: string;
  readonly summary: string;
}
