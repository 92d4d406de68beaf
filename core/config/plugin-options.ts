/** What a plugin is told: the values of the arguments that it declares, among everything a command was given. */
import type { PluginOptions } from '../contracts/plugin-meta.js';
import { SwiftError } from '../errors.js';
import type { Argument, Arguments } from './argument.js';
import { checkValue } from './resolve.js';

/** What words of an argument stand for, by the field of the model's plugin that says it. */
export type OfModel = Readonly<Record<'lora_target_modules', readonly string[]>>;

/** @throws SwiftError BAD_ARGUMENT for a value that came past the checks of flags */
export function pluginOptions(
  { arguments: declared = {} }: { readonly arguments?: Arguments },
  values: object,
  ofModel?: OfModel,
): PluginOptions {
  const given = values as PluginOptions;
  return Object.fromEntries(
    Object.entries(declared).map(([name, argument]) => {
      const value = given[name] === undefined ? argument.default : given[name];
      const checked = checkValue(argument, value, `--${name}`);
      if (checked instanceof SwiftError) throw checked;
      return [name, ofModel ? inWords(argument, checked, ofModel) : checked];
    }),
  );
}

function inWords({ ofModel: words = {} }: Argument, value: unknown, ofModel: OfModel): unknown {
  if (!Array.isArray(value)) return value;
  return value.flatMap((word: string) => (Object.hasOwn(words, word) ? ofModel[words[word]] : [word]));
}
