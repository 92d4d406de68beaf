import type { CausalLM } from '../nn/causal-lm.js';

/** A checkpoint's `config.json`, as it is. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** One published checkpoint of a family. */
export interface ModelVariant {
  /** Hugging Face repository, `owner/name`. */
  readonly hf?: string;
  /** ModelScope repository. */
  readonly ms?: string;
  /** Template id, where it differs from the family's. */
  readonly template?: string;
}

export interface ModelMeta {
  readonly family: string;
  readonly summary: string;
  /** Values of `architectures` in config.json that this family serves. */
  readonly architectures: readonly string[];
  readonly template: string;
  /** Default `target_modules` of LoRA. */
  readonly lora_target_modules: readonly string[];
  readonly variants: Readonly<Record<string, ModelVariant>>;
}

/** Builds a model family's module tree from a config. Weights are bound later, by state-dict name. */
export interface ModelLoader {
  /** @throws SwiftError UNSUPPORTED_MODEL naming the config field and value that is not supported */
  build(config: ModelConfig): CausalLM;
}
