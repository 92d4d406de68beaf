import type { Block, BothWays, CausalLMShape, MediaLayers, Pooling, SequencePlace } from './causal-lm.js';
import type { FeedForward } from './feed-forward.js';
import type { LayerEmbeddingSize } from './layer-embeddings.js';
import type { Mixer } from './mixer.js';
import type { Names } from './module.js';
import type { Norm, NormKind } from './norm.js';
import type { RopeScaling } from './rotary.js';
import type { ScoreHead } from './score-head.js';
import type { Tensor } from '../graph/index.js';

/**
 * How a block adds attention A and feed-forward M to the hidden states x. `pre`: x + A(n x), then x + M(n x). `sandwich`:
 * each branch normed before and after. `post`: only after. `post-sum`: n(x + A(x)), then m(x + M(x)). `parallel`:
 * x + A(n x) + M(n x) with one norm. `parallel-two`: the same with a norm for each. `mixer`: x + A(n x), and no feed-forward;
 * `mixer-sum`: n(x + A(x)).
 */
export type Placement =
  'pre' | 'sandwich' | 'post' | 'post-sum' | 'parallel' | 'parallel-two' | 'mixer' | 'mixer-sum';

/**
 * How a checkpoint stores the projections to queries, keys and values: three matrices; one with all queries, then keys,
 * then values (`concat`); one with, for each key head, its queries, the key, the value (`grouped`); queries apart, and
 * for each head the key and the value (`pairs`).
 */
export type QkvStorage = 'split' | 'concat' | 'grouped' | 'pairs';

/** What one layer's attention differs by from the others'. */
export interface LayerTraits {
  /** Which rotary tables it turns by: 0, or 1 for `local_rope`; null for no positions. */
  readonly rope?: 0 | 1 | null;
  /** Positions a query sees, its own included; on each side where the model is bidirectional. */
  readonly window?: number;
  /** Positions of a chunk: a query sees none before the one that it is in. */
  readonly chunk?: number;
  /** Tokens see earlier ones only in this layer, whatever the model's `both_ways` says. */
  readonly both_ways?: false;
  /** The number of an earlier layer whose keys and values it reads; it has none of its own. */
  readonly shares?: number;
  /** Attention reads the states as they are: they were normed before the first block. */
  readonly first_norm?: false;
  /** Queries of this layer count the more the further out they stand. */
  readonly sharpening?: Sharpening;
}

/**
 * Queries times 1 + beta · ln(1 + ⌊(position + first) / span⌋), so that attention to many positions stays as sharp (Nakanishi, 2025,
 * arXiv 2501.19399, as Llama 4 has it).
 */
export interface Sharpening {
  readonly beta: number;
  readonly span: number;
  /** What the first position counts as; 0 when absent. */
  readonly first?: number;
}

/** The factors on the normed states and on what a branch adds to them. */
export interface NormedResidual {
  readonly attention: readonly [kept: number, added: number];
  readonly mlp: readonly [kept: number, added: number];
}

/** What distinguishes one decoder family from another. What is absent is as in Llama. */
export interface DecoderTraits extends CausalLMShape {
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly intermediate_size: number;
  readonly norm_eps: number;
  readonly tie_word_embeddings: boolean;
  readonly bias: {
    readonly qkv: boolean;
    /** Of keys, where they are apart; as `qkv` when absent. */
    readonly key?: boolean;
    readonly o: boolean;
    readonly mlp: boolean | 'down';
  };

  /** Positions see later ones too: an encoder, which says no words. */
  readonly bidirectional?: boolean;
  /** Numbers of the layers that look at features of media, not at tokens; `every`: each one does, once it has looked at tokens. */
  readonly crosses?: readonly number[] | 'every';
  /** Which tokens see each other both ways though the model is causal. */
  readonly both_ways?: BothWays;
  /** Which tokens layers of their own for media work on, where `mixer` and `feedForward` make such (`TwinLinear`). */
  readonly media_layers?: MediaLayers;
  /** There is no head of words. */
  readonly wordless?: boolean;

  /** Default: `rms`. */
  readonly norm?: NormKind;
  /** Makes the norms of blocks where they differ from that kind. */
  readonly block_norm?: () => Norm;
  /** No norm stands behind the last block. */
  readonly final_norm?: false;
  /** Default: `pre`. */
  readonly placement?: Placement;
  /** Factor on what attention and feed-forward add to the hidden states. */
  readonly residual_scale?: number;

  /** Branches are added to what they were given, the normed states, not to the states before the norm; by layer. */
  readonly normed_residual?: (layer: number) => NormedResidual;

  readonly rope_theta: number;
  readonly rope_scaling?: RopeScaling;
  /** The first dimensions of each head turn; all by default. */
  readonly rotary_dims?: number;
  /** Dimensions 2i and 2i + 1 turn together, not i and i + d/2. */
  readonly rope_interleaved?: boolean;
  /** A second kind of tables, for layers that ask for it. */
  readonly local_rope?: {
    readonly theta: number;
    readonly scaling?: RopeScaling;
    /** Dimensions of a head that turn; as many as by the first tables when absent. */
    readonly dims?: number;
  };
  /** Absent: every layer sees all earlier positions and turns by the first tables. */
  readonly layer?: (index: number) => LayerTraits;
  /** ALiBi instead of rotary positions: the factor on its slopes. */
  readonly alibi?: number;

  /** Default: `split`. */
  readonly qkv?: QkvStorage;
  /** The weights are stored [in, out]. */
  readonly transposed?: boolean;
  /** Norm of queries or keys before they turn, made for so many heads. */
  readonly qk_norm?: (heads: number) => Norm;
  /** That norm acts when they have turned. */
  readonly qk_norm_after_rope?: boolean;
  /** Norm of values. */
  readonly v_norm?: () => Norm;
  /** What is projected to keys stands for values too. */
  readonly keys_as_values?: boolean;
  /** Queries, keys and values are cut to ± this. */
  readonly clip_qkv?: number;
  /** Factor on the scores; 1/√head_dim by default. */
  readonly attention_scale?: number;
  /** Scores stay within ± this, by tanh. */
  readonly score_cap?: number;
  /** What a head sees times sigmoid of a gate, which follows its queries in the projection to them. */
  readonly output_gate?: boolean;
  /** One learned score per head that takes probability and has no value. */
  readonly sinks?: boolean;
  /** See `ScoreBiasOptions.sparse`; by layer. */
  readonly sparse?: (layer: number) => readonly number[] | undefined;

  /** Default: silu. */
  readonly activation?: (x: Tensor) => Tensor;
  /** `gated`: three matrices; `fused`: gate and up in one, gate first; `plain`: up and down only. Default: `gated`. */
  readonly mlp?: 'gated' | 'fused' | 'plain';

  readonly embedding?: {
    /** Rows behind those of the vocabulary, of ids that are never said. */
    readonly extra_rows?: number;
    /** Whether checkpoints hold these apart, as `added` of the table. */
    readonly extra_apart?: boolean;
    /** Factor on the rows. */
    readonly scale?: number;
    /** Right behind the table. */
    readonly norm?: NormKind;
    /** Rows of a learned table of positions. */
    readonly positions?: number;
    /** The row of the first position; 0 when absent. */
    readonly first_position?: number;
    /** Rows of a learned table of types of tokens: see the port `token_types`. */
    readonly types?: number;
  };
  /** Each block gets a vector of its own for each token. */
  readonly layer_embeddings?: LayerEmbeddingSize;
  readonly logits?: {
    readonly scale?: number;
    /** They stay within ± this, by tanh. */
    readonly cap?: number;
    readonly bias?: boolean;
    /** Rows of the head, or its columns over the whole vocabulary, are scaled to length 1. */
    readonly normalized?: 'rows' | 'columns';
    /** Ids that are never predicted. */
    readonly unused?: readonly number[];
  };

  /** Where a sequence is scored; at its last token by default. */
  readonly reads?: SequencePlace;
  /** Where its vector is read, unless a checkpoint says it: as Sentence Transformers has it, the mean over an encoder, else the last token. */
  readonly pools?: Pooling;
  /** What scores it with so many numbers; one linear layer by default. */
  readonly score?: (labels: number) => ScoreHead;

  /** Published names of the module tree's properties. */
  readonly names?: Names;
  /** A layer, where it differs in kind. */
  readonly block?: (layer: number) => Block;
  /** A layer's attention, where it differs in kind. */
  readonly mixer?: (layer: number) => Mixer | undefined;
  /** A layer's feed-forward, where it differs in kind. */
  readonly feedForward?: (layer: number) => FeedForward | undefined;
}
