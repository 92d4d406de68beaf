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
  type Experts,
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
  readonly weighs_inputs?: boolean;
  /** Experts that are stored otherwise than each apart. */
  readonly experts?: () => Experts;
  /** That correction, where checkpoints keep it beside the router. */
  readonly correction?: Parameter;
}

/** A mixture of gated experts, each stored apart, as most families have them. */
export function mixture(traits: DecoderTraits, parts: Mixture): SparseMoe {
  const { hidden_size, activation, bias, names } = traits;
  const { num_experts, intermediate_size, shared, corrected, correction, route, weighs_inputs } = parts;
  const router = new Router(hidden_size, num_experts, { corrected, names });
  const size = { hidden_size, activation: activation!, names };
  return new SparseMoe({
    num_experts,
    router,
    route:
      typeof route === 'function'
        ? route
        : topExperts({ ...route, correction: correction ?? router.e_score_correction_bias }),
    experts: parts.experts?.() ?? new GatedExperts({ ...size, num_experts, intermediate_size }),
    shared: shared ? new GatedMlp({ ...size, intermediate_size: shared, bias: bias.mlp }) : undefined,
    shared_gate: parts.shared_gate ? new Linear(hidden_size, 1) : undefined,
    correction,
    weighs_inputs,
    names,
  });
}

/**
 * Mixtures in the layers of Qwen's families that have them: every `decoder_sparse_step`th, but for `mlp_only_layers`.
 * @param parts beside what all generations call alike
 * @param normalize whether weights are scaled to add up to 1 where the config does not say
 */
export function sparseLayers(
  reader: ConfigReader,
  traits: DecoderTraits,
  parts: Omit<Mixture, 'route'>,
  normalize = false,
): DecoderTraits['feedForward'] {
  const step = reader.count('decoder_sparse_step', 1);
  const dense = reader.has('mlp_only_layers') ? reader.numbers('mlp_only_layers') : [];
  const route = {
    k: reader.count('num_experts_per_tok'),
    normalize: reader.flag('norm_topk_prob', normalize),
  };
  return (layer) =>
    !dense.includes(layer) && (layer + 1) % step === 0 ? mixture(traits, { ...parts, route }) : undefined;
}

/**
 * Mixtures with shared experts in the layers of DeepSeek's families that have them: by `mlp_layer_types` where the config
 * has it, else from `first_k_dense_replace` on, every `moe_layer_freq`th.
 */
export function laterLayers(
  reader: ConfigReader,
  traits: DecoderTraits,
  {
    corrected,
    route,
    dense = 0,
    shared = 0,
  }: { readonly corrected?: boolean; readonly route: Omit<RouteOptions, 'k'> } & CorrectedDefaults,
): DecoderTraits['feedForward'] {
  const kinds = reader.layerWords('mlp_layer_types', ['dense', 'sparse'], traits.num_hidden_layers);
  const first = reader.number('first_k_dense_replace', dense);
  const step = reader.count('moe_layer_freq', 1);
  const intermediate_size = reader.count('moe_intermediate_size');
  const parts = {
    num_experts: reader.count('n_routed_experts'),
    intermediate_size,
    corrected,
    shared: intermediate_size * reader.number('n_shared_experts', shared),
    route: { ...route, k: reader.count('num_experts_per_tok') },
  };
  const isSparse = (layer: number): boolean =>
    kinds ? kinds[layer] === 'sparse' : layer >= first && layer % step === 0;
  return (layer) => (isSparse(layer) ? mixture(traits, parts) : undefined);
}

/** DeepSeek-V3's mixtures: sigmoid scores, a correction of the choice, experts in groups. */
export function correctedLayers(
  reader: ConfigReader,
  traits: DecoderTraits,
  { normalize = true, scale = 1, groups, ...defaults }: CorrectedDefaults = {},
): DecoderTraits['feedForward'] {
  const route = {
    score: 'sigmoid' as const,
    normalize: reader.flag('norm_topk_prob', normalize),
    scale: reader.number('routed_scaling_factor', scale),
    groups: expertGroups(reader, 'best-two', groups),
  };
  return laterLayers(reader, traits, { corrected: true, route, ...defaults });
}

/** What a family means by fields that its config leaves out. */
export interface CorrectedDefaults {
  readonly normalize?: boolean;
  readonly scale?: number;
  readonly groups?: readonly [count: number, kept: number];
  /** Layers before the first mixture. */
  readonly dense?: number;
  readonly shared?: number;
}

/** @throws ConfigError where experts do not divide into groups, or those of the kept groups are too few */
export function expertGroups(
  reader: ConfigReader,
  score: ExpertGroups['score'],
  [groups, kept]: readonly [count: number, kept?: number] = [1],
): ExpertGroups | undefined {
  const count = reader.count('n_group', groups);
  const chosen = reader.count('topk_group', kept ?? 1);
  if (chosen > count) throw reader.error('topk_group', `at most n_group, ${count}`);
  if (count === 1) return undefined;
  const experts = reader.count('n_routed_experts');
  if (experts % count !== 0) throw reader.error('n_group', `a divisor of n_routed_experts, ${experts}`);
  const reachable = (experts / count) * chosen;
  if (reader.count('num_experts_per_tok') > reachable)
    throw reader.error('num_experts_per_tok', `at most the ${reachable} experts of topk_group groups`);
  return { count, kept: chosen, score };
}

/** What Mixtral calls its parts. */
export const MIXTRAL_NAMES = { mlp: 'block_sparse_moe', gate_proj: 'w1', up_proj: 'w3', down_proj: 'w2' };
