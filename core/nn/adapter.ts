/** Changes to layers that are kept beside their weights: several at once, named, weighted, taken out again, merged. */
import type { Tensor } from '../graph/index.js';
import type { Embedding } from './embedding.js';
import type { Linear } from './linear.js';
import { Module, type Slot } from './module.js';
import type { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** A tensor of an adapter as its file has it. */
export interface AdapterPart {
  /** Below the layer's path, e.g. `lora_A.weight`. */
  readonly name: string;
  readonly parameter: Parameter;
  /** Whether the file holds the matrix transposed. */
  readonly transposed?: boolean;
}

/** What one adapter adds to one layer. */
export abstract class Adapter extends Module {
  /** Its tensors, in the order of files. */
  *parts(): Generator<AdapterPart> {
    for (const [name, parameter] of this.namedParameters()) yield { name, parameter };
  }
}

/** What an adapter of a linear layer works on. */
export interface LinearCall {
  readonly layer: Linear;
  /** The layer's input [..., in]. */
  readonly x: Tensor;
  /** The layer's own answer, [N, out], N the rows of x. */
  readonly base: Tensor;
  /** How much it counts: a factor, or one for each row, [N, 1]. */
  readonly weight: number | Tensor;
}

export abstract class LinearAdapter extends Adapter {
  /** `y` [N, out] and what the adapter adds. */
  abstract adapt(scope: Scope, y: Tensor, call: LinearCall): Tensor;
  /**
   * As `adapt`, each row by the adapter of its group: rows x [N, in] sorted by group, int32 sizes [E], group[e] of this
   * one's class and shape. @throws Error where the method has no such form
   */
  abstract adaptGroup(scope: Scope, y: Tensor, call: LinearGroupCall): Tensor;
  /**
   * Adds `weight` times its change of the layer's weight to `into`. Both lie in memory as the weight does.
   * @param call.base the weight without any adapter
   */
  abstract merge(
    into: Float32Array,
    call: { readonly base: Float32Array; readonly layer: Linear; readonly weight: number },
  ): void;
}

/** Rows by the layer of their group: experts. */
export interface LinearGroupCall {
  readonly x: Tensor;
  readonly sizes: Tensor;
  readonly group: readonly LinearAdapter[];
  /** How much it counts: a factor, or one for each row, [N, 1]. */
  readonly weight: number | Tensor;
}

/** What an adapter of a table works on. */
export interface EmbeddingCall {
  /** int32 [N] */
  readonly ids: Tensor;
  readonly weight: number | Tensor;
}

export abstract class EmbeddingAdapter extends Adapter {
  /** `y` [N, width] and what the adapter adds. */
  abstract adapt(scope: Scope, y: Tensor, call: EmbeddingCall): Tensor;
  /** Adds `weight` times its change of the table to `into`. */
  abstract merge(into: Float32Array, call: { readonly layer: Embedding; readonly weight: number }): void;
}

/** The name of an adapter whose tensors have no name of their own in the tree: the only one, for most. */
export const DEFAULT_ADAPTER = 'default';

/** Adapters of one layer, by name. */
export class AdapterTable<A extends Adapter> extends Module {
  readonly #held = new Map<string, A>();

  get(name: string): A | undefined {
    return this.#held.get(name);
  }

  set(name: string, adapter: A): void {
    this.#held.set(name, adapter);
  }

  delete(name: string): void {
    this.#held.delete(name);
  }

  keys(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Those that take part, each with how much it counts. */
  among({ adapters }: Pick<Scope, 'adapters'>): readonly (readonly [A, number | Tensor])[] {
    return [...this.#held].flatMap(([name, adapter]) => {
      const weight = adapters.get(name);
      return weight === undefined ? [] : [[adapter, weight] as const];
    });
  }

  protected override *slots(): Generator<Slot> {
    for (const [name, child] of this.#held) {
      const put = (): never => {
        throw new Error(`an adapter is no module to replace: ${name}`);
      };
      yield { name: name === DEFAULT_ADAPTER ? '' : name, child, put };
    }
  }
}
