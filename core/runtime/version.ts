/** Which of the models that one tree holds a graph computes: as it is tuned, or as it was before. */
import type { AdapterWeights, CausalLM } from '../nn/index.js';

/** A model as it is tuned, or as it was. */
export interface Version {
  readonly adapters: AdapterWeights;
  /** Parameters that train in place are read as they were before. */
  readonly before?: boolean;
}

/** With the adapters that take part now. */
export function asTuned({ active_adapters }: CausalLM): Version {
  return { adapters: active_adapters };
}

/** As the model answered before it was tuned. */
export const BEFORE_TUNING: Version = { adapters: new Map(), before: true };

/** Equal for versions that share compiled graphs; of versions without tensors. */
export function versionKey({ adapters, before }: Version): string {
  return before ? ' before tuning' : adapters.size > 0 ? ` ${JSON.stringify([...adapters])}` : '';
}
