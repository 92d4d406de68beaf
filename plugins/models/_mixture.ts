import {
  GatedExperts,
  GatedMlp,
  Linear,
  Router,
  SparseMoe,
  topExperts,
  type ConfigReader,
  type DecoderTraits,
  type ExpertGroups,
  type Parameter,
  type Route,
  type RouteOptions,
} from 'swift-ts/nn';

export interface Mixture {
  readonly num_experts: number;
  /** Of one expert. */
  readonly intermediate_size: number;
  readonly route: RouteOptions | Route;
  /** Width of a feed-forward that sees every token. */
  readonly shared?: number;
  /** Whether a learned gate weighs it. */
  readonly shared_gate?: boolean;
  /** Whether the router corrects the choice of experts (DeepSeek-V3). */
  readonly corrected?: boolean;
  /** That correction, where checkpoints keep it beside the router. */
  readonly correction?: Parameter;
}

/** A mixture of gated experts, each stored apart, as most families have them. */
export function mixture(traits: DecoderTraits, parts: Mixture): SparseMoe {
  const { hidden_size, activation, bias, names } = traits;
  const { num_experts, intermediate_size, shared, corrected, correction, route } = parts;
  const router = new Router(hidden_size, num_experts, { corrected, names });
  const size = { hidden_size, activation: activation!, names };
  return new SparseMoe({
    num_experts,
    router,
    route:
      typeof route === 'function'
        ? route
        : topExperts({ ...route, correction: correction ?? router.e_score_correction_bias }),
    experts: new GatedExperts({ ...size, num_experts, intermediate_size }),
    shared: shared ? new GatedMlp({ ...size, intermediate_size: shared, bias: bias.mlp }) : undefined,
    shared_gate: parts.shared_gate ? new Linear(hidden_size, 1) : undefined,
    correction,
    names,
  });
}

/** Which layers are mixtures in Qwen's families: every `decoder_sparse_step`th, but for `mlp_only_layers`. */
export function sparseLayers(reader: ConfigReader): (layer: number) => boolean {
  const step = reader.count('decoder_sparse_step', 1);
  const dense = reader.has('mlp_only_layers') ? reader.numbers('mlp_only_layers') : [];
  return (layer) => !dense.includes(layer) && (layer + 1) % step === 0;
}

/** Which layers are mixtures in DeepSeek's families: all from `first_k_dense_replace` on, every `moe_layer_freq`th. */
export function laterLayers(reader: ConfigReader): (layer: number) => boolean {
  const first = reader.number('first_k_dense_replace', 0);
  const step = reader.count('moe_layer_freq', 1);
  return (layer) => layer >= first && layer % step === 0;
}

/** DeepSeek-V3's mixture: sigmoid scores, a correction of the choice, experts in groups, shared experts. */
export function correctedMixture(reader: ConfigReader, traits: DecoderTraits): SparseMoe {
  const intermediate_size = reader.count('moe_intermediate_size');
  return mixture(traits, {
    num_experts: reader.count('n_routed_experts'),
    intermediate_size,
    corrected: true,
    shared: intermediate_size * reader.number('n_shared_experts', 0),
    route: {
      k: reader.count('num_experts_per_tok'),
      score: 'sigmoid',
      normalize: reader.flag('norm_topk_prob', true),
      scale: reader.number('routed_scaling_factor', 1),
      groups: expertGroups(reader, 'best-two'),
    },
  });
}

export function expertGroups(reader: ConfigReader, score: ExpertGroups['score']): ExpertGroups | undefined {
  const count = reader.number('n_group', 1);
  return count > 1 ? { count, kept: reader.count('topk_group'), score } : undefined;
}
