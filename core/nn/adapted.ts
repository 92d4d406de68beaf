/** Layers with adapters beside their weights. */
import { expand, reshape, sizeOf, type Tensor } from '../graph/index.js';
import type { EmbeddingAdapter } from './adapter.js';
import { AdapterTable, LinearAdapter, type Adapter } from './adapter.js';
import type { CausalLM } from './causal-lm.js';
import { Embedding } from './embedding.js';
import { Linear, LinearLike } from './linear.js';
import { Module } from './module.js';
import type { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** y = base(x) and what each adapter that takes part adds. */
export class AdaptedLinear extends LinearLike {
  override names = { adapters: '' };
  readonly in_features: number;
  readonly out_features: number;
  readonly adapters = new AdapterTable<LinearAdapter>();

  constructor(readonly base_layer: Linear) {
    super();
    this.in_features = base_layer.in_features;
    this.out_features = base_layer.out_features;
  }

  /** x [..., in] -> [..., out] */
  forward(scope: Scope, x: Tensor): Tensor {
    const answer = this.base_layer.forward(scope, x);
    const active = this.adapters.among(scope);
    if (active.length === 0) return answer;
    const rows = sizeOf(x.shape) / this.in_features;
    const base = reshape(answer, [rows, this.out_features]);
    const y = active.reduce(
      (sum, [adapter, weight]) =>
        adapter.adapt(scope, sum, { layer: this.base_layer, x, base, weight: ofRows(weight, rows) }),
      base,
    );
    return reshape(y, answer.shape);
  }

  /** x [N, in] sorted by group, int32 sizes [E] -> [N, out] */
  forwardGroup(scope: Scope, x: Tensor, sizes: Tensor, group: readonly LinearLike[]): Tensor {
    const layers = group.filter((layer) => layer instanceof AdaptedLinear);
    if (layers.length < group.length) throw new Error('adapters are on all experts of a layer, or on none');
    const bases = layers.map(({ base_layer }) => base_layer);
    const base = this.base_layer.forwardGroup(scope, x, sizes, bases);
    return this.adapters.keys().reduce((sum, name) => {
      const weight = scope.adapters.get(name);
      if (weight === undefined) return sum;
      const adapters = layers.map((layer) => layer.adapters.get(name)!);
      return adapters[0].adaptGroup(scope, sum, {
        x,
        sizes,
        group: adapters,
        weight: ofRows(weight, x.shape[0]),
      });
    }, base);
  }
}

/** A table of vectors and what each adapter that takes part adds to them. */
export class AdaptedEmbedding extends Module {
  override names = { adapters: '' };
  readonly adapters = new AdapterTable<EmbeddingAdapter>();

  constructor(readonly base_layer: Embedding) {
    super();
  }

  get weight(): Parameter {
    return this.base_layer.weight;
  }

  /** int32 [N] -> [N, width] */
  forward(scope: Scope, ids: Tensor): Tensor {
    return this.adapters
      .among(scope)
      .reduce(
        (sum, [adapter, weight]) => adapter.adapt(scope, sum, { ids, weight: ofRows(weight, ids.shape[0]) }),
        this.base_layer.forward(scope, ids),
      );
  }
}

export type AdaptedLayer = AdaptedLinear | AdaptedEmbedding;

/** A factor for each of the batch's rows [B] as one for each of `rows` positions, which lie row after row -> [rows, 1]. */
export function ofRows(weight: number | Tensor, rows: number): number | Tensor {
  if (typeof weight === 'number') return weight;
  const [batch] = weight.shape;
  return reshape(expand(reshape(weight, [batch, 1]), [batch, rows / batch]), [rows, 1]);
}

/** A model's modules by the paths they have without adapters: an adapted layer counts as the layer itself. */
export function* plainModules(model: Module): Generator<[string, Module]> {
  let within: string | undefined;
  for (const [path, module] of model.namedModules()) {
    if (within !== undefined && (path === within || path.startsWith(`${within}.`))) continue;
    within = undefined;
    if (module instanceof AdaptedLinear || module instanceof AdaptedEmbedding) {
      within = path;
      yield [path, module.base_layer];
    } else yield [path, module];
  }
}

/** Puts adapters of one name beside the layers whose paths they have; they take part from now on. @throws Error for another kind of layer */
export function addAdapters(
  model: CausalLM,
  name: string,
  adapters: Iterable<readonly [path: string, adapter: Adapter]>,
): void {
  const modules = new Map<string, Module>();
  // The table of a layer's adapters has the path of the layer.
  for (const [path, module] of model.namedModules()) if (!modules.has(path)) modules.set(path, module);
  for (const [path, adapter] of adapters) {
    const found = modules.get(path);
    const layer = found && adapted(found, adapter);
    if (!layer) throw new Error(`'${path}' is no layer that takes such an adapter`);
    layer.adapters.set(name, adapter as never);
    if (layer !== found) model.replace(path, layer);
  }
  activate(model, name);
}

/** The layer with room for adapters; undefined where it takes none of this kind. */
function adapted(layer: Module, adapter: Adapter): AdaptedLayer | undefined {
  if (adapter instanceof LinearAdapter) {
    if (layer instanceof Linear) return new AdaptedLinear(layer);
    return layer instanceof AdaptedLinear ? layer : undefined;
  }
  if (layer instanceof Embedding) return new AdaptedEmbedding(layer);
  return layer instanceof AdaptedEmbedding ? layer : undefined;
}

/** Makes an adapter take part. */
export function activate(model: CausalLM, name: string, weight = 1): void {
  model.active_adapters = new Map([...model.active_adapters, [name, weight]]);
}

/** The layers that have an adapter of this name. */
export function* layersOf(model: Module, name: string): Generator<[string, AdaptedLayer, Adapter]> {
  for (const [path, module] of model.namedModules()) {
    if (!(module instanceof AdaptedLinear || module instanceof AdaptedEmbedding)) continue;
    const adapter = module.adapters.get(name);
    if (adapter) yield [path, module, adapter];
  }
}

/** Names of all adapters of a model, in the order in which its layers have them. */
export function adapterNames(model: Module): readonly string[] {
  const names = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof AdaptedLinear || module instanceof AdaptedEmbedding ? module.adapters.keys() : [],
  );
  return [...new Set(names)];
}

/** The tensors of the adapters of this name. */
export function adapterParameters(model: Module, name: string): readonly Parameter[] {
  return [...layersOf(model, name)].flatMap(([, , adapter]) =>
    [...adapter.parts()].map(({ parameter }) => parameter),
  );
}

/** Takes an adapter away; a layer that has no other is the plain one again. */
export function removeAdapter(model: CausalLM, name: string): void {
  for (const [path, layer] of [...layersOf(model, name)]) {
    layer.adapters.delete(name);
    if (layer.adapters.keys().length === 0) model.replace(path, layer.base_layer);
  }
  model.active_adapters = new Map([...model.active_adapters].filter(([other]) => other !== name));
  model.fixed_adapters = new Set([...model.fixed_adapters].filter((other) => other !== name));
}
