import type { CausalLM } from '../nn/causal-lm.js';
import type { ModelConfig } from './model-loader.js';
import type { PluginMeta, PluginOptions } from './plugin-meta.js';

/**
 * Changes a model between its files and its use: what its config says, before the tree is built; or the loaded model. Every
 * command that loads a model takes the arguments of all patchers.
 */
export interface Patcher<Options = PluginOptions> {
  /** Whether there is something to do for this model, as it is asked for. */
  applies(config: ModelConfig, options: Options): boolean;
  /** Why what is asked for changes nothing in a model to which it does not apply; it is said. */
  idle?(config: ModelConfig, options: Options): string | undefined;
  /** Fields of config.json to be others: the model is built by them, and its checkpoints say them. @throws SwiftError */
  fields?(config: ModelConfig, options: Options): Readonly<Record<string, unknown>>;
  /**
   * Special tokens that the model is to have. Those that its tokenizer lacks are added; embedding and head get rows for them
   * where they have none, each the mean of those that are there. @throws SwiftError
   */
  tokens?(config: ModelConfig, options: Options): readonly string[];
  /** Changes the loaded model, in place. */
  patch?(model: CausalLM, config: ModelConfig, options: Options): void;
}

export type PatcherMeta = PluginMeta;
