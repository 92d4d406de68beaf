/** Which modules an adapter changes: the rules of PEFT. */
import {
  AdaptedLinear,
  Embedding,
  Linear,
  plainModules,
  Router,
  type CausalLM,
  type Module,
} from 'swift-ts/nn';
import { didYouMean, SwiftError, withinTime } from 'swift-ts/plugin';
import type { AdapterOptions, LoraSettings } from './arguments.js';

/** Names that mean every linear layer but the output head. */
const ALL_LINEAR = ['all-linear', 'ALL'];

export const namesAllLinear = ({ target_modules }: Pick<AdapterOptions, 'target_modules'>): boolean =>
  target_modules.some((name) => ALL_LINEAR.includes(name));

/** Who named the modules, and so what a complaint is about. */
export interface Origin {
  readonly code: 'BAD_ARGUMENT' | 'BAD_CHECKPOINT';
  readonly target_modules: string;
  readonly target_regex: string;
  readonly modules_to_save: string;
  /** Whether each name must match a module. In an adapter some may, as in PEFT: generic lists name other families' too. */
  readonly strict: boolean;
}

export const FLAGS: Origin = {
  code: 'BAD_ARGUMENT',
  target_modules: '--target_modules',
  target_regex: '--target_regex',
  modules_to_save: '--modules_to_save',
  strict: true,
};

export const ADAPTER: Origin = {
  code: 'BAD_CHECKPOINT',
  target_modules: 'adapter_config.json: target_modules',
  target_regex: 'adapter_config.json: target_modules',
  modules_to_save: 'adapter_config.json: modules_to_save',
  strict: false,
};

/** A layer that gets an adapter. */
export type Target = readonly [path: string, layer: Linear | Embedding];

/**
 * The layers LoRA adapts, with their paths. Embeddings, routers of experts and the output head are when they are named.
 * @throws SwiftError when nothing matches
 */
export function targetedLayers(model: CausalLM, options: LoraSettings, origin: Origin): Target[] {
  const modules = [...plainModules(model)].filter(([path]) => !isWithinSaved(path, options.modules_to_save));
  const layers = modules.filter(
    (entry): entry is [string, Linear | Embedding] =>
      entry[1] instanceof Linear || entry[1] instanceof Embedding,
  );
  const suffixes = [...new Set(layers.map(([path]) => path.slice(path.lastIndexOf('.') + 1)))];
  const { target_modules, target_regex } = options;
  const noMatch = (what: string, name: string): never => {
    throw new SwiftError(origin.code, `${what} matches no linear layer`, {
      cure: [
        ...didYouMean(name, suffixes),
        `This model's linear layers and embeddings: ${suffixes.join(', ')}; or all-linear.`,
      ],
    });
  };
  const kept = rulesOf(
    layers.map(([path]) => path),
    options,
    origin,
  );
  if (namesAllLinear(options)) {
    const head = model.lm_head instanceof AdaptedLinear ? model.lm_head.base_layer : model.lm_head;
    // Layers behind the pooling are no part of what PEFT wraps.
    const behind = new Set<Module>([...(model.vector?.namedModules() ?? [])].map(([, module]) => module));
    return layers.filter(
      ([path, layer]) =>
        layer instanceof Linear &&
        !(layer instanceof Router) &&
        layer !== head &&
        !behind.has(layer) &&
        kept.has(path),
    );
  }
  const pattern =
    target_regex === null
      ? undefined
      : matching(
          `^(?:${target_regex})$`,
          modules.map(([path]) => path),
          origin.code,
          origin.target_regex,
        );
  const named = (path: string): boolean =>
    pattern ? pattern.has(path) : target_modules.some((name) => endsWithName(path, name));
  if (origin.strict && !pattern) {
    for (const name of target_modules) {
      if (!layers.some(([path]) => endsWithName(path, name)))
        noMatch(`${origin.target_modules} ${name}`, name);
    }
  }
  const found = layers.filter(([path]) => named(path) && kept.has(path));
  if (found.length > 0) return found;
  return pattern
    ? noMatch(`${origin.target_regex} ${target_regex}`, target_regex!)
    : noMatch(`${origin.target_modules} ${target_modules.join(', ')}`, target_modules[0] ?? '');
}

/** The paths that `exclude_modules` and `layers_to_transform` leave. */
function rulesOf(paths: readonly string[], options: LoraSettings, origin: Origin): ReadonlySet<string> {
  const { exclude_modules: excluded, layers_to_transform: numbers, layers_pattern, target_regex } = options;
  const out =
    typeof excluded === 'string'
      ? matching(`^(?:${excluded})$`, paths, origin.code, 'adapter_config.json: exclude_modules')
      : new Set(paths.filter((path) => excluded.some((name) => endsWithName(path, name))));
  // As in PEFT, an expression over whole paths says layers itself.
  const counted = numbers === null || target_regex !== null ? undefined : new Set(numbers);
  const within = (path: string): boolean => {
    if (!counted) return true;
    const parts = path.split('.');
    const at = parts.findIndex(
      (part, i) =>
        i > 0 &&
        i < parts.length - 1 &&
        /^\d+$/.test(part) &&
        (layers_pattern.length === 0 ? i > 1 : layers_pattern.includes(parts[i - 1])),
    );
    return at >= 0 && counted.has(Number(parts[at]));
  };
  return new Set(paths.filter((path) => !out.has(path) && within(path)));
}

/** A number for each path: that of the first pattern which its end matches, or the general one. */
export function byPattern(
  paths: readonly string[],
  patterns: Readonly<Record<string, number>>,
  general: number,
  what: string,
): ReadonlyMap<string, number> {
  const found = new Map(paths.map((path) => [path, general]));
  for (const [pattern, value] of Object.entries(patterns).reverse())
    for (const path of matching(`^(?:.*\\.)?(?:${pattern})$`, paths, 'BAD_CHECKPOINT', what))
      found.set(path, value);
  return found;
}

function endsWithName(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`);
}

/** Whether a tensor belongs to a module that is tuned whole: in PEFT, one whose path ends with a name, inside a word too. */
export function isSaved(name: string, modules_to_save: readonly string[]): boolean {
  const parts = name.split('.').slice(0, -1);
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('.'));
  return modules_to_save.some((entry) => paths.some((path) => path.endsWith(entry)));
}

/** PEFT puts no adapter into a module that is tuned whole; here its name must be whole words. */
function isWithinSaved(path: string, modules_to_save: readonly string[]): boolean {
  return modules_to_save.some((entry) => `.${path}.`.includes(`.${entry}.`));
}

/** @throws SwiftError when names of modules to be tuned whole match nothing */
export function checkSaved(model: CausalLM, { modules_to_save }: AdapterOptions, origin: Origin): void {
  const names = [...model.namedParameters()].map(([name]) => name);
  const missing = modules_to_save.filter((entry) => !names.some((name) => isSaved(name, [entry])));
  if (missing.length === 0 || (!origin.strict && missing.length < modules_to_save.length)) return;
  const ends = new Set(names.map((name) => name.split('.').at(-2)!));
  throw new SwiftError(origin.code, `${origin.modules_to_save} ${missing[0]} matches no module`, {
    cure: [
      ...didYouMean(missing[0], ends),
      "Name a module that holds weights, e.g. 'embed_tokens' or 'norm'.",
    ],
  });
}

/** Whether an adapter changes the embedding or the head, which then can be one tensor no longer. */
export function touchesTied(model: CausalLM, options: AdapterOptions, origin: Origin): boolean {
  const { target_modules, target_regex, modules_to_save } = options;
  const paths = model.tied.flat().map((name) => name.slice(0, name.lastIndexOf('.')));
  const pattern =
    target_regex === null
      ? undefined
      : matching(`^(?:${target_regex})$`, paths, origin.code, origin.target_regex);
  const targeted = (path: string): boolean =>
    pattern ? pattern.has(path) : target_modules.some((entry) => endsWithName(path, entry));
  return paths.some(targeted) || model.tied.flat().some((name) => isSaved(name, modules_to_save));
}

/** Milliseconds for all paths of a model. */
const MOST_TIME = 5000;

/** The paths that an expression matches. */
function matching(
  source: string,
  paths: readonly string[],
  code: Origin['code'],
  what: string,
): ReadonlySet<string> {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source);
  } catch (cause) {
    throw new SwiftError(code, `${what} is not a regular expression: ${String(cause)}`, { cause });
  }
  const test = (): string[] => paths.filter((path) => pattern.test(path));
  const late = (): SwiftError =>
    new SwiftError(code, `${what} ${source} takes longer than ${MOST_TIME / 1000} s on this model`, {
      cure: 'Write it without repetitions inside repetitions, such as (a+)+.',
    });
  return new Set(withinTime(MOST_TIME, test, late));
}
