import { Linear, Router, type CausalLM } from 'swift-ts/nn';
import { didYouMean, SwiftError, type TunerOptions } from 'swift-ts/plugin';

/** Names that mean every linear layer but the output head. */
const ALL_LINEAR = ['all-linear', 'ALL'];

/**
 * The linear layers LoRA wraps, with their paths. Routers of experts are wrapped when they are named.
 *  @throws SwiftError BAD_ARGUMENT when a name matches none
 */
export function targetedLinears(model: CausalLM, options: TunerOptions): [string, Linear][] {
  const linears = [...model.namedModules()].filter(
    (entry): entry is [string, Linear] => entry[1] instanceof Linear && entry[1] !== model.lm_head,
  );
  const suffixes = [...new Set(linears.map(([path]) => path.slice(path.lastIndexOf('.') + 1)))];
  const { target_modules, target_regex } = options;
  if (target_regex !== undefined) {
    const pattern = compile(target_regex);
    return nonEmpty(
      linears.filter(([path]) => pattern.test(path)),
      `--target_regex ${target_regex}`,
      suffixes,
    );
  }
  if (target_modules.some((name) => ALL_LINEAR.includes(name)))
    return linears.filter(([, linear]) => !(linear instanceof Router));
  const matches = (path: string, name: string): boolean => path === name || path.endsWith(`.${name}`);
  for (const name of target_modules) {
    nonEmpty(
      linears.filter(([path]) => matches(path, name)),
      `--target_modules ${name}`,
      suffixes,
    );
  }
  return nonEmpty(
    linears.filter(([path]) => target_modules.some((name) => matches(path, name))),
    '--target_modules',
    suffixes,
  );
}

/** The whole path must match, as in PEFT. */
function compile(source: string): RegExp {
  try {
    return new RegExp(`^(?:${source})$`);
  } catch (cause) {
    throw new SwiftError('BAD_ARGUMENT', `--target_regex is not a regular expression: ${String(cause)}`, {
      cause,
    });
  }
}

function nonEmpty(found: [string, Linear][], flag: string, suffixes: readonly string[]): [string, Linear][] {
  if (found.length > 0) return found;
  throw new SwiftError('BAD_ARGUMENT', `${flag} matches no linear layer`, {
    cure: [
      ...didYouMean(flag.split(' ')[1] ?? '', suffixes),
      `This model's linear layers: ${suffixes.join(', ')}; or all-linear.`,
    ],
  });
}
