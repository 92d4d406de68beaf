import { Parameter } from './parameter.js';

/**
 * A part of a model. Its properties that are modules, lists of modules or parameters make up the tree, and their
 * property names make up the state-dict names, as in PyTorch.
 */
export abstract class Module {
  /** Direct children: `[property, value]`, list items as `property.index`. */
  *children(): Generator<[string, Module | Parameter]> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module || value instanceof Parameter) yield [name, value];
      else if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) {
          if (item instanceof Module || item instanceof Parameter) yield [`${name}.${i}`, item];
        }
      }
    }
  }

  /** Every parameter below with its full name, in declaration order. A shared one appears under each name. */
  *namedParameters(prefix = ''): Generator<[string, Parameter]> {
    for (const [name, child] of this.children()) {
      if (child instanceof Parameter) yield [prefix + name, child];
      else yield* child.namedParameters(`${prefix}${name}.`);
    }
  }

  /** This module and every module below with its full name; this one's is the empty string. */
  *namedModules(prefix = ''): Generator<[string, Module]> {
    yield [prefix, this];
    for (const [name, child] of this.children()) {
      if (child instanceof Module) yield* child.namedModules(prefix ? `${prefix}.${name}` : name);
    }
  }

  /** Puts `replacement` where the module named `path` was. @throws Error when there is none */
  replace(path: string, replacement: Module): void {
    const steps = path.split('.');
    const last = steps.pop()!;
    const owner = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], this);
    const slot = owner as Record<string, unknown> | undefined;
    if (!(slot?.[last] instanceof Module)) throw new Error(`no module '${path}' to replace`);
    slot[last] = replacement;
  }
}
