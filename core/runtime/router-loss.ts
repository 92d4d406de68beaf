/** How the tokens of one layer were routed, [E] each. */
export interface LayerRouting {
  /** Sum over tokens of the router's probabilities. */
  readonly probabilities: Float32Array;
  /** Tokens that chose each expert. */
  readonly chosen: Float32Array;
}

export interface RouterLoss {
  readonly loss: number;
  /** Gradient of every layer's `probabilities`, [E]. */
  readonly gradient: Float32Array;
}

/**
 * The loss that keeps experts equally busy (Shazeer et al., 2017; Fedus et al., 2021), as Transformers has it for
 * Mixtral and its kin: E · Σ f·p, where f is the share of tokens that chose an expert and p its mean probability, both
 * over the tokens of all layers together. It is k, not 1, when all are equally busy.
 * @param tokens of one layer
 */
export function routerLoss(layers: readonly LayerRouting[], tokens: number): RouterLoss {
  const experts = layers[0].chosen.length;
  const all = layers.length * tokens;
  const mean = (of: (layer: LayerRouting) => Float32Array): Float64Array =>
    Float64Array.from({ length: experts }, (_, e) =>
      layers.reduce((sum, layer) => sum + of(layer)[e] / all, 0),
    );
  const chosen = mean((layer) => layer.chosen);
  const probabilities = mean((layer) => layer.probabilities);
  return {
    loss: experts * chosen.reduce((sum, share, e) => sum + share * probabilities[e], 0),
    gradient: Float32Array.from(chosen, (share) => (experts * share) / all),
  };
}
