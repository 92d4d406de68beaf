import { Embedding, headPaths, plainModules, type CausalLM } from 'swift-ts/nn';
import type { AdapterOptions } from './arguments.js';

/**
 * Embedding and head of a model with new tokens are trained and saved whole: an adapter of low rank beside them could not
 * teach a row that is like every other new one. Both also where they are one tensor, which then is two.
 */
export function withTablesSaved(model: CausalLM, given: AdapterOptions): AdapterOptions {
  const options = withHeadsSaved(model, given);
  if (model.new_tokens.length === 0) return options;
  const tables = [...plainModules(model)].filter(
    ([, module]) =>
      (module instanceof Embedding && module.count === model.shape.vocab_size) || module === model.lm_head,
  );
  const paths = [
    ...tables.map(([path]) => path),
    ...model.tied.map(([alias]) => alias.slice(0, alias.lastIndexOf('.'))),
  ];
  const names = paths.map((path) => path.slice(path.lastIndexOf('.') + 1));
  return { ...options, modules_to_save: [...new Set([...options.modules_to_save, ...names])] };
}

/** Heads of a task began with this training, so that there is nothing for an adapter to stand beside. */
function withHeadsSaved(model: CausalLM, options: AdapterOptions): AdapterOptions {
  const heads = headPaths(model);
  if (heads.length === 0) return options;
  return { ...options, modules_to_save: [...new Set([...options.modules_to_save, ...heads])] };
}
