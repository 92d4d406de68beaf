/** The language model of Gemma 4. */
import { add, gather, mul, reshape, scalar, type Tensor } from 'swift-ts/graph';
import {
  createAttention,
  createNorm,
  DecoderBlock,
  Experts,
  GatedMlp,
  HeadRmsNorm,
  Linear,
  LinearLike,
  Parameter,
  PlainRmsNorm,
  ropeFields,
  Router,
  ropeScaling,
  SparseMoe,
  topExperts,
  type BlockContext,
  type BlockOutput,
  type ConfigReader,
  type DecoderTraits,
  type Dispatched,
  type Fed,
  type LayerTraits,
  type Norm,
  type Route,
  type Scope,
} from 'swift-ts/nn';
import { sandwichedTraits } from './_gemma.js';
import { StackedExperts } from './_stacked.js';

/** The kinds of rotary positions that a config means which says nothing of them. */
const ROPE = {
  full_attention: { rope_type: 'proportional', partial_rotary_factor: 0.25, rope_theta: 1_000_000 },
  sliding_attention: { rope_type: 'default', rope_theta: 10_000 },
};

/**
 * Gemma 4: five windowed layers to one that sees all, whose heads are wider, and whose keys may stand for values too; the last layers
 * may read keys and values of earlier ones; layers may have embeddings of their own, and experts beside their feed-forward.
 */
export function gemma4Traits(reader: ConfigReader): DecoderTraits {
  const base: DecoderTraits = { ...sandwichedTraits(reader), norm: 'rms', attention_scale: 1 };
  const { num_hidden_layers: layers, norm_eps, head_dim, max_position_embeddings } = base;
  const rope = ropeFields(reader.has('rope_parameters') ? reader : reader.with({ rope_parameters: ROPE }));
  const [full, local] = [rope.nested('full_attention'), rope.nested('sliding_attention')];
  const keys_as_values = reader.flag('attention_k_eq_v');
  const window = reader.count('sliding_window', 512);
  const slides = windowedLayers(reader, layers);
  const heads = fullHeads(reader, base, slides);
  const { head_dim: wide } = heads;
  const shares = sharedLayers(reader, layers, slides);
  const both_ways = reader.has('use_bidirectional_attention')
    ? reader.choice('use_bidirectional_attention', ['vision'])
    : undefined;
  const ofHeads = (width: number): Pick<DecoderTraits, 'qk_norm' | 'v_norm'> => ({
    qk_norm: () => new HeadRmsNorm(width, norm_eps),
    v_norm: () => new PlainRmsNorm(width, norm_eps),
  });
  const doubled = reader.flag('use_double_wide_mlp');
  const width = reader.optionalNumber('hidden_size_per_layer_input', 256) ?? 0;
  const layer = (index: number): LayerTraits => ({
    ...(slides(index) ? { window } : { rope: 1, ...(both_ways && { both_ways: false }) }),
    shares: shares(index),
  });
  const traits: DecoderTraits = {
    ...base,
    ...ofHeads(head_dim),
    both_ways: both_ways && 'media',
    rope_theta: local.number('rope_theta', 10_000),
    rope_scaling: ropeScaling(local, max_position_embeddings),
    local_rope: {
      theta: full.number('rope_theta', 1_000_000),
      scaling: ropeScaling(full, max_position_embeddings),
      dims: wide,
    },
    layer,
    logits: { cap: reader.optionalNumber('final_logit_softcapping') },
    layer_embeddings:
      width > 0
        ? {
            width,
            rows: reader.count('vocab_size_per_layer_input', 262_144),
            media_id: reader.number('pad_token_id', 0),
          }
        : undefined,
    mixer: (index) =>
      slides(index)
        ? undefined
        : createAttention(
            {
              ...traits,
              ...ofHeads(wide),
              ...heads,
              keys_as_values,
            },
            index,
          ),
    feedForward: (index) =>
      doubled && shares(index) !== undefined
        ? new GatedMlp({
            hidden_size: base.hidden_size,
            intermediate_size: 2 * base.intermediate_size,
            activation: base.activation!,
          })
        : undefined,
    block: (index) => new Gemma4Block(traits, index, mixtureOf(reader)),
  };
  return traits;
}

/** The last layer sees all, whatever is said of it. */
function windowedLayers(reader: ConfigReader, layers: number): (layer: number) => boolean {
  const kinds = reader.layerWords('layer_types', ['full_attention', 'sliding_attention'], layers);
  return (layer) =>
    layer < layers - 1 && (kinds ? kinds[layer] === 'sliding_attention' : (layer + 1) % 6 !== 0);
}

type Heads = Pick<DecoderTraits, 'head_dim' | 'num_key_value_heads'>;

/** Heads of the layers that see all. What Transformers writes again has them by layer. */
function fullHeads(
  reader: ConfigReader,
  { head_dim, num_key_value_heads, num_hidden_layers }: DecoderTraits,
  slides: (layer: number) => boolean,
): Heads {
  if (!reader.has('per_layer_config'))
    return {
      head_dim: reader.count('global_head_dim', 512),
      num_key_value_heads: reader.flag('attention_k_eq_v')
        ? reader.count('num_global_key_value_heads', num_key_value_heads)
        : num_key_value_heads,
    };
  const layers = Array.from({ length: num_hidden_layers }, (_, layer) => layer);
  const byLayer = reader.nested('per_layer_config');
  const of = (layer: number): Heads => {
    const own = byLayer.nested(String(layer));
    return {
      head_dim: own.count('head_dim', head_dim),
      num_key_value_heads: own.count('num_key_value_heads', num_key_value_heads),
    };
  };
  const found = of(num_hidden_layers - 1);
  const isAlike = (one: Heads, other: Heads): boolean => JSON.stringify(one) === JSON.stringify(other);
  const plain = { head_dim, num_key_value_heads };
  if (!layers.every((layer) => isAlike(of(layer), slides(layer) ? plain : found)))
    throw reader.error(
      'per_layer_config',
      'heads of the same kind in all layers that see all, and in no other',
    );
  return found;
}

/** Which layer's keys and values one reads: of those before the last `num_kv_shared_layers`, the last one of its kind. */
function sharedLayers(
  reader: ConfigReader,
  layers: number,
  slides: (layer: number) => boolean,
): (layer: number) => number | undefined {
  const first = layers - reader.number('num_kv_shared_layers', 0);
  const own = Array.from({ length: Math.max(0, first) }, (_, layer) => layer);
  const lender = (windowed: boolean): number => own.findLastIndex((layer) => slides(layer) === windowed);
  for (let layer = Math.max(0, first); layer < layers; layer++)
    if (lender(slides(layer)) < 0)
      throw reader.error(
        'num_kv_shared_layers',
        'fewer: a layer of each kind has keys and values of its own',
      );
  return (layer) => (layer < first ? undefined : lender(slides(layer)));
}

interface MixtureSize {
  readonly num_experts: number;
  readonly k: number;
  readonly intermediate_size: number;
}

function mixtureOf(reader: ConfigReader): MixtureSize | undefined {
  if (!reader.flag('enable_moe_block')) return undefined;
  return {
    num_experts: reader.count('num_experts'),
    k: reader.count('top_k_experts'),
    intermediate_size: reader.count('moe_intermediate_size'),
  };
}

/**
 * Norms around each branch; experts that read the same states as the feed-forward, normed apart, and are added to it; a gate on the
 * layer's own embedding, whose projection is added behind these; and a factor on all of it.
 */
class Gemma4Block extends DecoderBlock {
  readonly moe?: SparseMoe;
  readonly post_feedforward_layernorm_1?: Norm;
  readonly post_feedforward_layernorm_2?: Norm;
  per_layer_input_gate?: LinearLike;
  per_layer_projection?: LinearLike;
  readonly post_per_layer_input_norm?: Norm;
  /** Of the checkpoint; it never trains. */
  readonly layer_scalar = new Parameter([1]);
  private readonly activation: (x: Tensor) => Tensor;

  constructor(traits: DecoderTraits, layer: number, mixture: MixtureSize | undefined) {
    super(traits, layer);
    const { hidden_size, norm_eps, activation, layer_embeddings } = traits;
    const norm = (): Norm => createNorm('rms', hidden_size, norm_eps);
    this.names = { ...this.names, moe: '' };
    this.activation = activation!;
    this.layer_scalar.idle = true;
    if (mixture) {
      this.moe = mixtureFor(traits, mixture);
      this.post_feedforward_layernorm_1 = norm();
      this.post_feedforward_layernorm_2 = norm();
    }
    if (!layer_embeddings) return;
    this.per_layer_input_gate = new Linear(hidden_size, layer_embeddings.width);
    this.per_layer_projection = new Linear(layer_embeddings.width, hidden_size);
    this.post_per_layer_input_norm = norm();
  }

  override forward(scope: Scope, hidden: Tensor, context: BlockContext): BlockOutput {
    const output = super.forward(scope, hidden, context);
    const whole = this.withOwn(scope, output.hidden, context.own);
    return { ...output, hidden: mul(whole, scope.param(this.layer_scalar)) };
  }

  protected override feed(scope: Scope, normed: Tensor, stream: Tensor, context: BlockContext): Fed {
    const fed = super.feed(scope, normed, stream, context);
    if (!this.moe) return fed;
    const { hidden, router } = this.moe.forward(scope, stream, context);
    const [dense, sparse] = [
      this.post_feedforward_layernorm_1!.forward(scope, fed.hidden),
      this.post_feedforward_layernorm_2!.forward(scope, hidden),
    ];
    return { hidden: add(dense, sparse), router };
  }

  private withOwn(scope: Scope, hidden: Tensor, own: Tensor | undefined): Tensor {
    if (!this.per_layer_input_gate) return hidden;
    const gate = this.activation(this.per_layer_input_gate.forward(scope, hidden));
    const projected = this.per_layer_projection!.forward(scope, mul(gate, own!));
    return add(hidden, this.post_per_layer_input_norm!.forward(scope, projected));
  }
}

function mixtureFor(traits: DecoderTraits, { num_experts, k, intermediate_size }: MixtureSize): SparseMoe {
  const { hidden_size, norm_eps, activation } = traits;
  const router = new ScaledRouter(hidden_size, num_experts, norm_eps);
  const chosen = topExperts({ k, normalize: true });
  const route: Route = (scope, logits) => {
    const { weights, experts, probabilities } = chosen(scope, logits);
    const flat = reshape(experts, [experts.shape[0] * k]);
    const factors = reshape(gather(scope.param(router.per_expert_scale), flat), experts.shape);
    return { weights: mul(weights, factors), experts, probabilities };
  };
  const size = { num_experts, hidden_size, intermediate_size, activation: activation! };
  const experts = new NormedExperts(createNorm('rms', hidden_size, norm_eps), new StackedExperts(size));
  return new SparseMoe({ router, route, experts, num_experts, names: { gate: 'router', experts: '' } });
}

/** Scores of states that are normed, and scaled by feature. */
class ScaledRouter extends LinearLike {
  readonly scale: Parameter;
  /** Factor on the weight of each expert. */
  readonly per_expert_scale: Parameter;
  readonly proj: Router;
  private readonly norm: Norm;

  constructor(
    readonly in_features: number,
    readonly out_features: number,
    eps: number,
  ) {
    super();
    this.scale = new Parameter([in_features]);
    this.per_expert_scale = new Parameter([out_features]);
    this.proj = new Router(in_features, out_features);
    this.norm = new PlainRmsNorm(in_features, eps);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const factors = mul(scope.param(this.scale), scalar(this.in_features ** -0.5));
    return this.proj.forward(scope, mul(this.norm.forward(scope, x), factors));
  }

  forwardGroup(): Tensor {
    throw new Error('a router is no expert');
  }
}

/** Experts that read normed states. */
class NormedExperts extends Experts {
  constructor(
    readonly norm: Norm,
    readonly inner: Experts,
  ) {
    super();
    this.names = { norm: 'pre_feedforward_layernorm_2', inner: 'experts' };
  }

  forward(scope: Scope, dispatched: Dispatched): Tensor {
    return this.inner.forward(scope, { ...dispatched, rows: this.norm.forward(scope, dispatched.rows) });
  }
}
