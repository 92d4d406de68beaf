import type { CausalLM } from '../nn/causal-lm.js';
import type { FormerNames } from '../model/former-names.js';
import type { GgufEntries } from '../io/gguf/entry.js';
import type { MediaKind } from './media.js';
import type { Processor } from './processor.js';

/** A checkpoint's `config.json`, as it is. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** What preprocessor_config.json says; empty where there is none. */
export type ImageSettings = Readonly<Record<string, unknown>>;

/** One published checkpoint of a family. */
export interface ModelVariant {
  /** Hugging Face repository, `owner/name`. */
  readonly hf?: string;
  /** ModelScope repository. */
  readonly ms?: string;
  /** Template id, where it differs from the family's. */
  readonly template?: string;
  /** Number of parameters as the model is called: `0.5B`, `270M`, `1T`; absent where its name does not tell. */
  readonly size?: string;
  /** Id of the codec that reads its files, where they are quantized; the id loads where there is one. */
  readonly codec?: string;
}

export interface ModelMeta {
  readonly family: string;
  readonly summary: string;
  /** Values of `architectures` in config.json that this family serves; none where another one does. */
  readonly architectures: readonly string[];
  /** The family that serves the architectures of these checkpoints when they are known only by their config. */
  readonly same_architecture_as?: string;
  /** The field of config.json that tells its checkpoints from those of that family; absent: only their names do. */
  readonly told_by?: string;
  /** Values of `model_type` in config.json that this family serves, for configs whose architecture nobody does. */
  readonly model_types?: readonly string[];
  /** How its GGUF files are read, by the `general.architecture` that these name. */
  readonly gguf?: GgufEntries;
  /** What it takes in beside text; nothing when absent. */
  readonly media?: readonly MediaKind[];
  /** Names of tensors in checkpoints that the model does without, beside those that every loader knows. */
  readonly ignored_tensors?: readonly RegExp[];
  /** Other names that tensors have in checkpoints. */
  readonly former_names?: FormerNames;
  readonly template: string;
  /** Default `target_modules` of LoRA; `all-linear` is every linear layer but the head. */
  readonly lora_target_modules: readonly string[];
  readonly variants: Readonly<Record<string, ModelVariant>>;
}

/** Builds a model family's module tree from a config. Weights are bound later, by state-dict name. */
export interface ModelLoader {
  /** @throws SwiftError UNSUPPORTED_MODEL naming the config field and value that is not supported */
  build(config: ModelConfig): CausalLM;
  /** What makes media ready for its tower; a family of text has none. @param template id of the one in use @throws as `build` */
  processor?(config: ModelConfig, settings: ImageSettings, template: string): Processor;
}
