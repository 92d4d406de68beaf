import { Parameter } from './parameter.js';

/**
 * Published name of a property, where it is not the property's own; may hold dots, and be empty for a list or a module
 * whose parameters checkpoints keep one level up.
 */
export type Names = Readonly<Record<string, string>>;

/** A child in its place. */
export interface Slot {
  readonly name: string;
  readonly child: Module | Parameter;
  readonly put: (replacement: Module) => void;
}

/**
 * A part of a model. Its properties that are modules, lists of modules or parameters make up the tree, and their
 * property names make up the state-dict names, as in PyTorch, but for those that `names` gives another.
 */
export abstract class Module {
  /** How checkpoints of the family call this module's children. */
  names: Names = {};

  /** Direct children: `[name, value]`, list items as `name.index`. */
  *children(): Generator<[string, Module | Parameter]> {
    for (const { name, child } of this.slots()) yield [name, child];
  }

  /** Every parameter below with its full name, in declaration order. A shared one appears under each name. */
  *namedParameters(prefix = ''): Generator<[string, Parameter]> {
    for (const [name, child] of this.children()) {
      if (child instanceof Parameter) yield [prefix + name, child];
      else yield* child.namedParameters(prefix + (name && `${name}.`));
    }
  }

  /** Every parameter below once, under the first of its names. */
  *parameters(): Generator<[string, Parameter]> {
    const seen = new Set<Parameter>();
    for (const [name, parameter] of this.namedParameters()) {
      if (seen.has(parameter)) continue;
      seen.add(parameter);
      yield [name, parameter];
    }
  }

  /** This module and every module below with its full name; this one's is the empty string. */
  *namedModules(prefix = ''): Generator<[string, Module]> {
    yield [prefix, this];
    for (const [name, child] of this.children()) {
      if (child instanceof Module) yield* child.namedModules([prefix, name].filter(Boolean).join('.'));
    }
  }

  /** Puts `replacement` where the module named `path` was. @throws Error when there is none */
  replace(path: string, replacement: Module): void {
    if (!this.exchange(path, replacement)) throw new Error(`no module '${path}' to replace`);
  }

  private exchange(path: string, replacement: Module): boolean {
    for (const { name, child, put } of this.slots()) {
      if (!(child instanceof Module)) continue;
      const prefix = name && `${name}.`;
      if (name === path) put(replacement);
      else if (!path.startsWith(prefix) || !child.exchange(path.slice(prefix.length), replacement)) continue;
      return true;
    }
    return false;
  }

  /** Where its children are. */
  protected *slots(): Generator<Slot> {
    const own = this as unknown as Record<string, unknown>;
    for (const [property, value] of Object.entries(own)) {
      const name = this.names[property] ?? property;
      if (isChild(value)) yield { name, child: value, put: (module) => void (own[property] = module) };
      else if (Array.isArray(value)) {
        for (const [i, item] of (value as unknown[]).entries()) {
          const place = name ? `${name}.${i}` : String(i);
          if (isChild(item)) yield { name: place, child: item, put: (module) => void (value[i] = module) };
        }
      }
    }
  }
}

function isChild(value: unknown): value is Module | Parameter {
  return value instanceof Module || value instanceof Parameter;
}
