/** Patchers at work: what they make of a config before a model is built, and of the model once it is loaded. */
import { pluginOptions } from '../config/plugin-options.js';
import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { Patcher } from '../contracts/patcher.js';
import { withFields } from '../io/json-text.js';
import type { ModelServices } from './locate-model.js';
import type { ModelSource } from './model-source.js';
import { withNewTokens } from './new-tokens.js';

/** A patcher that has something to do for a model, and what it is told. */
export interface ModelPatch {
  readonly id: string;
  readonly patcher: Patcher;
  readonly options: PluginOptions;
}

/**
 * The patchers that apply to a model, in the order of their ids, and its files with the config and the tokens that they make.
 * @param values of their arguments, among others
 */
export async function patchSource(
  source: ModelSource,
  values: object,
  { plugins, log }: Pick<ModelServices, 'plugins' | 'log'>,
): Promise<{ readonly opened: ModelSource; readonly patches: readonly ModelPatch[] }> {
  const patches: ModelPatch[] = [];
  let opened = source;
  for (const entry of plugins.catalog.list('patcher').filter((one) => plugins.mayRun(one))) {
    const { instance: patcher, meta } = await plugins.resolve('patcher', entry.id);
    const options = pluginOptions(meta, values);
    if (!patcher.applies(opened.config, options)) {
      const why = patcher.idle?.(opened.config, options);
      if (why !== undefined) log.warn(why);
      continue;
    }
    const fields = patcher.fields?.(opened.config, options) ?? {};
    const { config, configText } = opened;
    opened = {
      ...opened,
      config: { ...config, ...fields },
      configText: configText && withFields(configText, fields),
    };
    const tokens = patcher.tokens?.(config, options);
    const held = opened;
    if (tokens) opened = await withNewTokens(opened, tokens, log);
    // A model that has all tokens is as it was.
    if (!tokens || opened !== held) patches.push({ id: entry.id, patcher, options });
  }
  return { opened, patches };
}
