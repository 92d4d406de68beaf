import { AdaptedLinear, Linear, plainModules, roleOf, Router, type CausalLM, type Module } from 'swift-ts/nn';
import { SwiftError } from 'swift-ts/plugin';
import { thawedRoles } from '../_roles.js';
import type { AdapterOptions, LoraOptions } from './arguments.js';
import { namesAllLinear } from './targets.js';

/**
 * What all linear layers are in a model that sees: those of the parts that are tuned, written as a regular expression, since
 * PEFT would take every part's. Other options stay as they are.
 * @throws SwiftError BAD_ARGUMENT
 */
export function withinRoles(model: CausalLM, options: LoraOptions): AdapterOptions {
  const { freeze_vit: _vit, freeze_aligner: _aligner, freeze_llm: _llm, ...own } = options;
  const roles = thawedRoles(model, options);
  if (model.roles.length === 0 || options.target_regex !== null || !namesAllLinear(options)) return own;
  const head = model.lm_head instanceof AdaptedLinear ? model.lm_head.base_layer : model.lm_head;
  const heads: readonly (Module | undefined)[] = [head, model.score, model.value];
  const paths = [...plainModules(model)]
    .filter(
      ([, module]) => module instanceof Linear && !(module instanceof Router) && !heads.includes(module),
    )
    .map(([path]) => path);
  const patterns = [...roles].flatMap((role) =>
    patternOf(paths.filter((path) => roleOf(model, path) === role)),
  );
  if (patterns.length > 0) return { ...own, target_modules: [], target_regex: patterns.join('|') };
  throw new SwiftError(
    'BAD_ARGUMENT',
    'every part of the model is frozen: no linear layer is left to adapt',
    {
      cure: 'Freeze less: --freeze_llm false, --freeze_aligner false or --freeze_vit false.',
    },
  );
}

/** The layers of a part: below the deepest path that all share, by their last names. */
function patternOf(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const parts = paths.map((path) => path.split('.'));
  const parents = parts.map((names) => names.slice(0, -1));
  const differs = parents[0].findIndex((name, i) => parents.some((names) => names[i] !== name));
  const root = differs < 0 ? parents[0] : parents[0].slice(0, differs);
  const names = [...new Set(parts.map((one) => one.at(-1)!))].sort();
  return [`${root.join('\\.')}\\.(?:.*\\.)?(?:${names.join('|')})`];
}
