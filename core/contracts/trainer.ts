import type { PluginMeta, PluginOptions } from './plugin-meta.js';
import type { Sample } from './template.js';

/** Decides what a training command optimizes. `Options` are the values of the arguments that its decorator declares. */
export interface Trainer<Options = PluginOptions> {
  /** Told the values of its arguments, once, before anything else is asked of it. */
  configure?(options: Options): void;
  /** Which tokens of a row the objective looks at. */
  readonly supervise: 'assistant' | 'all';
  /**
   * Weight of the cross entropy at each position of a sample (only supervised positions are read). The objective is
   * the weighted sum over the supervised tokens of one optimizer step, divided by their number.
   */
  tokenWeights(sample: Sample): readonly number[] | undefined;
}

export interface TrainerMeta extends PluginMeta {
  /** Other defaults of the command's arguments, and of those of the plugins it uses. */
  readonly defaults?: PluginOptions;
}
