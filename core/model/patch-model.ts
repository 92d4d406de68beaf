/** Patchers at work: what they make of a config before a model is built, and of the model once it is loaded. */
import { pluginOptions } from '../config/plugin-options.js';
import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { Patcher } from '../contracts/patcher.js';
import { withFields } from '../io/json-text.js';
import type { ModelServices } from './locate-model.js';
import type { ModelSource } from './model-source.js';

/** A patcher that has something to do for a model, and what it is told. */
export interface ModelPatch {
  readonly id: string;
  readonly patcher: Patcher;
  readonly options: PluginOptions;
}

/**
 * The patchers that apply to a model, in the order of their ids, and its files with the config that they make.
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
    patches.push({ id: entry.id, patcher, options });
    const fields = patcher.fields?.(opened.config, options) ?? {};
    const { config, configText } = opened;
    opened = {
      ...opened,
      config: { ...config, ...fields },
      configText: configText && withFields(configText, fields),
    };
  }
  return { opened, patches };
}
