/** Adapters folded into the weights they lie beside. */
import {
  AdaptedLinear,
  layersOf,
  removeAdapter,
  type AdaptedLayer,
  type CausalLM,
  type EmbeddingAdapter,
  type LinearAdapter,
} from '../nn/index.js';
import { replaceValues, weightValues } from './weight-values.js';

/**
 * Adds what adapters of these names add to each layer, as much as each counts, to the layer's weight, and takes them away.
 * What one adds is reckoned from the weight without the others, as it is in an answer.
 */
export function mergeAdapters(model: CausalLM, names: readonly string[]): void {
  const layers = new Set(names.flatMap((name) => [...layersOf(model, name)].map(([, layer]) => layer)));
  for (const layer of layers) mergeLayer(layer, names, model.active_adapters);
  for (const name of names) removeAdapter(model, name);
}

function mergeLayer(
  layer: AdaptedLayer,
  names: readonly string[],
  weights: ReadonlyMap<string, number>,
): void {
  const active = names.filter((name) => layer.adapters.get(name) && (weights.get(name) ?? 0) !== 0);
  if (active.length === 0) return;
  const base = weightValues(layer.base_layer.weight);
  const merged = base.slice();
  for (const name of active) {
    const weight = weights.get(name)!;
    if (layer instanceof AdaptedLinear)
      (layer.adapters.get(name) as LinearAdapter).merge(merged, { base, layer: layer.base_layer, weight });
    else (layer.adapters.get(name) as EmbeddingAdapter).merge(merged, { layer: layer.base_layer, weight });
  }
  replaceValues(layer.base_layer.weight, merged);
}
