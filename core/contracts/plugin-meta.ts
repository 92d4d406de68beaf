/** What the decorators of plugins that take arguments say, whatever their kind. */
import type { Arguments } from '../config/argument.js';

/** Values of the arguments that a plugin declares, by name. */
export type PluginOptions = Readonly<Record<string, unknown>>;

export interface PluginMeta {
  readonly id: string;
  readonly summary: string;
  /** The arguments it takes: flags, YAML keys and options of programs wherever it is chosen. */
  readonly arguments?: Arguments;
  /**
   * Ids of others of its kind with which its arguments are taken and said to have no effect, each with the reason. With
   * all others they are refused.
   */
  readonly without_effect?: Readonly<Record<string, string>>;
}
