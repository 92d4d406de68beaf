import { gather, reshape, type Shape, type Tensor } from '../graph/index.js';
import type { EmbeddedTokens } from './layer-embeddings.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import type { RopeTables } from './rotary.js';
import type { RolePrefix } from './roles.js';
import type { ScoreHead } from './score-head.js';
import type { Scope } from './scope.js';
import type { VectorHead } from './vector-head.js';
import type { MediaSpan, MediaTower } from './media/tower.js';
import {
  lentPorts,
  ownPort,
  routerPort,
  viewPorts,
  type Ports,
  type Stage,
  type StageOptions,
} from './stage.js';

/** What a decoder block sees beside the hidden states. */
export type BlockContext = FullContext | CachedContext;

interface Sides {
  /** Rotary tables [S, dims / 2]. */
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** int32 [B, T] */
  readonly position_ids: Tensor;
  /** 1 at tokens that layers of their own for media work on, 0 elsewhere, float32 [B, T]; absent where there are none. */
  readonly media?: Tensor;
  /** What the embedding made for this block alone, [B, T, width]; where its view says so. */
  readonly own?: Tensor;
  /** Features that tokens see beside each other, where the block looks at both (`Crossing`); absent where there are none. */
  readonly cross?: CrossContext;
}

/** Whole sequences at once: training, evaluation. */
export interface FullContext extends Sides {
  readonly kind: 'full';
  /** Additive mask [T, T] or [B, T, T]. */
  readonly mask: Tensor;
  /** 1 at tokens, 0 at padding, float32 [B, T]. */
  readonly real: Tensor;
  /** Keys and values of the layer whose its view says it shares, [B, T, K·hd] each. */
  readonly borrowed?: readonly Tensor[];
}

/** New positions behind those already seen: generation. */
export interface CachedContext extends Sides {
  readonly kind: 'cached';
  /** Positions seen before, per row, int32 [B]. */
  readonly past: Tensor;
  /** How many of the T positions belong to the row, int32 [B]; the others are padding on the right. */
  readonly fresh: Tensor;
  /** What the block returned last, zeros at first; or what the layer has whose keys and values it shares. */
  readonly state: readonly Tensor[];
  /** Additive mask [B, T, capacity], where some of the new positions see later ones. */
  readonly mask?: Tensor;
}

/** What tokens see of features. Rows of a batch have their own features, S each. */
export interface CrossContext {
  /** [B, S, K·hd] */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** Additive mask [B, T, S]. */
  readonly mask: Tensor;
  /** 1 at tokens of samples that have features, 0 elsewhere, float32 [B, T]. */
  readonly attends: Tensor;
  /** 1 at tokens that the mask lets see some, 0 elsewhere, float32 [B, T]. */
  readonly feeds: Tensor;
}

/** Rotary tables, and where in them features stand, int32 [B, S]. */
export type FeaturePositions = Pick<Sides, 'cos' | 'sin' | 'position_ids'>;

/** How a block looks at features of media. */
export interface Crossing {
  /**
   * Tokens see all media of their sample from so many tokens behind a medium's own on, and keys turn by the position there (MI-Rope of
   * mPLUG-Owl3); absent: they see the last media before them, and keys have no positions.
   */
  readonly seen_from?: number;
  /** features [B, S, D] -> [B, S, K·hd] each @param positions where keys turn */
  keysAndValues(
    scope: Scope,
    features: Tensor,
    positions?: FeaturePositions,
  ): readonly [keys: Tensor, values: Tensor];
  /** hidden [B, T, D] -> hidden, of a block that looks at nothing else, which is left out where there are none. Others see them in `forward`. */
  attend?(scope: Scope, hidden: Tensor, context: CrossContext): Tensor;
  /** Shapes of keys and values of up to `rows` features a row, as generation keeps them. */
  state(batch: number, rows: number): readonly Shape[];
}

/** How the tokens of a pass, without padding, were routed: what the load-balancing loss needs. */
export interface RouterStatistics {
  /** Sum over tokens of the router's probabilities, [E]. */
  readonly probabilities: Tensor;
  /** Tokens that chose each expert, float32 [E]; not differentiated. */
  readonly chosen: Tensor;
}

/** What a block gives: hidden [B, T, D]. */
export interface BlockOutput {
  readonly hidden: Tensor;
  /** The state after this call; only for a cached context. */
  readonly state?: readonly Tensor[];
  /** Keys and values of a whole context, [B, T, K·hd] each, for blocks that share them. */
  readonly lent?: readonly Tensor[];
  readonly router?: RouterStatistics;
}

/** What of the model's side inputs a block reads. */
export interface BlockView {
  /** Which rotary tables: 0 or 1. */
  readonly rope: number;
  /** Positions a query sees, its own included; absent: all earlier ones. */
  readonly window?: number;
  /** Positions of a chunk: a query sees none before the one that it is in. */
  readonly chunk?: number;
  /** It sees as many later ones. */
  readonly bidirectional?: boolean;
  /** Which of a sample's tokens see each other both ways all the same. */
  readonly both_ways?: BothWays;
  /** Which tokens layers of their own for media work on, where it has such. */
  readonly media_layers?: MediaLayers;
  /** The number of an earlier block whose keys and values it reads. */
  readonly shares?: number;
  /** Width of what the embedding makes for it alone; nothing when absent. */
  readonly own?: number;
}

/** Layers of their own for media work on all tokens where features stand; or on all but the last of each medium, which ends it (CogVLM). */
export type MediaLayers = 'all' | 'but-last';

/**
 * Tokens of a causal model that see each other both ways: those of each picture, as far back as the window goes (Gemma 3); or all
 * up to where the answer begins, whatever the window (PaliGemma).
 */
export type BothWays = 'media' | 'prefix';

/** A sequence's last token, its first, or the mean over its tokens. */
export type Pooling = 'last' | 'first' | 'mean';

/** Where a sequence is read: as a whole, or at each token of that text, which ends a step. */
export type SequencePlace = Pooling | { readonly token: string };

/** One repeated block: hidden [B, T, D] -> hidden. */
export abstract class Block extends Module {
  readonly view: BlockView = { rope: 0 };
  /** Of a block that looks at features. */
  readonly crossing?: Crossing;
  /** Whether its state runs on from sample to sample and is made anew by every call, not filled in place. */
  abstract readonly recurrent: boolean;
  /** @param hidden [B, T, D] */
  abstract forward(scope: Scope, hidden: Tensor, context: BlockContext): BlockOutput;
  /** Shapes of what generation keeps between calls, float32, for rows of up to `capacity` positions. */
  abstract state(batch: number, capacity: number): readonly Shape[];
}

/** Sizes of the rows that are embedded. */
export interface EmbedOptions extends Pick<StageOptions, 'batch' | 'seq'> {
  /** Whether features stand in the place of some embeddings. */
  readonly placesFeatures?: boolean;
}

/** The facts about a causal language model that engines need. */
export interface CausalLMShape {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly max_position_embeddings: number;
}

/**
 * A causal language model as stages, which end in the `hidden` states of its last block, and a head. Engines trace each
 * apart, so that equal blocks share one compiled graph and one copy of their weights serves forward and backward.
 */
export abstract class CausalLM extends Module {
  /** The adapters that take part in an answer, and how much each counts. Engines ask when they begin a pass. */
  active_adapters: ReadonlyMap<string, number> = new Map();
  /** Adapters that tune the model's own weights as well, and so are either in it or not. */
  fixed_adapters: ReadonlySet<string> = new Set();
  /** Ids of tokens that were added to it, of which it has learned nothing: embedding and head train for them. */
  new_tokens: readonly number[] = [];
  abstract readonly shape: CausalLMShape;
  abstract readonly blocks: readonly Block[];
  /** The output head, unless it is the embedding. */
  abstract readonly lm_head?: LinearLike;
  /** int32 [N] ids, positions and, where the model has them, types of tokens -> [N, D] */
  abstract embed(scope: Scope, ids: Tensor, position_ids: Tensor, types?: Tensor): Tensor;
  /** hidden [N, D], labels int32 [N] -> cross entropy [N] in nats, and 1 where the label is the argmax. */
  abstract loss(scope: Scope, hidden: Tensor, labels: Tensor): { loss: Tensor; correct: Tensor };
  /** hidden [N, D] behind the last norm, [N, D] */
  abstract normed(scope: Scope, hidden: Tensor): Tensor;
  /** hidden [N, D] -> [N, V] */
  abstract logits(scope: Scope, hidden: Tensor): Tensor;
  /**
   * Rotary tables for positions first … first + length − 1.
   * @param which of the model's tables, as in `BlockView`
   * @param used positions of the longest sequence at hand; some models scale by it
   * @param first 0 when absent
   */
  abstract rope(which: number, length: number, used: number, first?: number): RopeTables;
  /** The number among `used` positions by which those tables differ: equal numbers, equal tables. */
  abstract ropeBasis(which: number, used: number): number;
  /** Whether keys that were turned among `before` positions are of no use once there are `after`: compute them anew. */
  abstract turnsAnew(before: number, after: number): boolean;
  /** State-dict names that are one tensor, `[alias, owner]`, e.g. a tied head. */
  abstract readonly tied: readonly (readonly [alias: string, owner: string])[];
  /** Gives the head a copy of the embedding, where they are one tensor, so that one can change without the other. */
  abstract untie(): void;

  /** What scores sequences, [D] -> [labels]. */
  score?: ScoreHead;
  /** Two ids; where they are there, sequences are scored by how much likelier the first one is than the second. */
  verdict?: readonly [holds: number, fails: number];
  /** Where it scores them. */
  readonly reads: SequencePlace = 'last';
  /** Where the vector of a sequence is read. */
  pools: Pooling = 'last';
  /** What this state goes through to be that vector; nothing where it is that. */
  vector?: VectorHead;
  /** Tokens that mean something to the model itself: texts, or attributes of a tokenizer such as `sep_token`. */
  readonly marks: readonly string[] = [];
  /** Their ids, of those that the checkpoint's tokenizer has. */
  mark_ids: ReadonlyMap<string, number> = new Map();
  /** What these scores are, where it is said: `ProblemType` of a checkpoint that scores. */
  problem_type?: 'single_label_classification' | 'multi_label_classification' | 'regression';
  /** What tells how much a state is worth, [D] -> [1]. */
  value?: Linear;
  /** What sees and hears; a model of text has none. */
  tower?: MediaTower;
  /** Leaves out the head of words, of a model that scores. */
  abstract dropHead(): void;
  /** What scores sequences with so many numbers, without values. */
  makeScore(labels: number): ScoreHead {
    return new Linear(this.shape.hidden_size, labels);
  }

  /** Whether it says what follows: not where there is no head of words. */
  get writes(): boolean {
    return this.score === undefined;
  }

  /** The roles of its parts; all is the language model where there are none. */
  readonly roles: readonly RolePrefix[] = [];

  /** Which of a token's three positions each rotary frequency turns by; absent where tokens have one position. */
  get ropeAxes(): readonly number[] | undefined {
    return undefined;
  }

  /** Those positions, int32 [3, T], and the one that follows. @param media what stands among the tokens, in order */
  ropePositions(_length: number, _media: readonly MediaSpan[]): { positions: Int32Array; next: number } {
    throw new Error('tokens of this model have one position');
  }

  /** From a batch to the last hidden states, port `hidden` [B, T, D], in order. */
  stages(options: StageOptions): readonly Stage[] {
    const media = this.mediaStages(options);
    const isSeen = media.length > 0;
    const embed = this.embedStage({ ...options, placesFeatures: isSeen && !this.crosses });
    const lending = new Set(this.blocks.map(({ view }) => view.shares));
    const blocks = this.blocks.flatMap((block, i) => {
      if (block.crossing?.attend) return isSeen ? crossingStage(block.crossing, options.batch) : [];
      const stage = blockStage(block, i, { ...options, isSeen, lends: lending.has(i) });
      return [stage, ...this.stagesBehind(i, options)];
    });
    return [...media, embed, ...blocks];
  }

  /** What changes the hidden states behind a block, before the next one reads them. */
  protected stagesBehind(_layer: number, _options: StageOptions): readonly Stage[] {
    return [];
  }

  /** From the media of a batch to the port `features` [F, D]; none where it has no media. */
  mediaStages(_options: Pick<StageOptions, 'inputs'>): readonly Stage[] {
    return [];
  }

  /** From ids, and features where there are any, to the hidden states before the first block, and what blocks read beside them. */
  embedStage(options: EmbedOptions): Stage {
    return {
      reads: ['input_ids', 'positions', ...(this.tokenTypes > 0 ? ['token_types'] : [])],
      cheap: true,
      forward: (scope, ports) =>
        this.embedded(scope, { ids: ports.input_ids, hidden: this.words(scope, ports, options) }),
    };
  }

  /** Whether features are added to the vectors of the tokens in whose places they stand, not put in their stead. */
  readonly addsFeatures: boolean = false;

  /** Embeddings of the ids, [B, T, D]. */
  protected words(
    scope: Scope,
    { input_ids, positions, token_types }: Ports,
    { batch, seq }: EmbedOptions,
  ): Tensor {
    const rows = this.embed(scope, input_ids, positions, token_types);
    return reshape(rows, [batch, seq, this.shape.hidden_size]);
  }

  /** What the first block reads, port `hidden`, and what each block reads alone, ports `own.0`, … */
  protected embedded(scope: Scope, tokens: EmbeddedTokens): Ports {
    const own = this.layerEmbeddings(scope, tokens).map((one, layer) => [ownPort(layer), one] as const);
    return { hidden: tokens.hidden, ...Object.fromEntries(own) };
  }

  /** Of each block [B, T, width]; none where blocks read nothing alone. */
  protected layerEmbeddings(_scope: Scope, _tokens: EmbeddedTokens): readonly Tensor[] {
    return [];
  }

  /** The id that is embedded in the place of a feature: one that it has, whatever keeps the place. */
  get mediaId(): number {
    return 0;
  }

  /** How many types of tokens have rows of a learned table; 0 without one. */
  get tokenTypes(): number {
    return 0;
  }

  /** Positions that a learned table has; Infinity where positions are computed. */
  get mostPositions(): number {
    return Infinity;
  }

  /**
   * A further block behind that of number `after`, of its kind and without values; the blocks behind it have other numbers then.
   * @throws Error for a model that takes none
   */
  insertBlock(_after: number): Block {
    throw new Error('this model takes no further blocks');
  }

  /** Whether blocks look at features, which then stand in no token's place. */
  get crosses(): boolean {
    return this.crossing !== undefined;
  }

  /** How they do. */
  get crossing(): Crossing | undefined {
    return this.blocks.find(({ crossing }) => crossing)?.crossing;
  }

  /** Ids that can be embedded. */
  get embeddedIds(): number {
    return this.shape.vocab_size;
  }

  /** Which tokens of a sample see each other both ways, where it is causal; none when absent. */
  get bothWays(): BothWays | undefined {
    return this.blocks.find(({ view }) => view.both_ways)?.view.both_ways;
  }

  /** Which tokens of media its layers of their own for them work on; none when absent. */
  get mediaLayers(): MediaLayers | undefined {
    return this.blocks.find(({ view }) => view.media_layers)?.view.media_layers;
  }

  /** Whether several samples may share a row: not where states run on from one to the next. */
  get packs(): boolean {
    return this.blocks.every(({ recurrent }) => !recurrent);
  }
}

interface BlockUse {
  /** Whether there are media in the batch. */
  readonly isSeen: boolean;
  /** Whether other blocks read its keys and values. */
  readonly lends: boolean;
}

function blockStage(
  block: Block,
  layer: number,
  { batch, routers, isSeen, lends }: StageOptions & BlockUse,
): Stage {
  const { cos, sin, mask } = viewPorts(block.view);
  const { shares, media_layers } = block.view;
  const seen = isSeen && media_layers ? ['media_tokens'] : [];
  const own = block.view.own ? ownPort(layer) : undefined;
  const borrows = shares === undefined ? [] : lentPorts(shares);
  const crossing = isSeen ? block.crossing : undefined;
  const crossed = crossing ? [...CROSS_PORTS, 'cross_positions'] : [];
  const alone = own === undefined ? [] : [own];
  return {
    reads: ['hidden', cos, sin, 'position_ids', mask, 'real', ...seen, ...alone, ...borrows, ...crossed],
    forward: (scope, ports) => {
      const tables = { cos: ports[cos], sin: ports[sin] };
      const { position_ids, real, media_tokens: media, cross_positions } = ports;
      const cross =
        crossing && crossContext(scope, crossing, ports, batch, { ...tables, position_ids: cross_positions });
      const sides = {
        ...tables,
        mask: ports[mask],
        own: own === undefined ? undefined : ports[own],
        borrowed: borrows.map((port) => ports[port]),
        cross,
      };
      const context = { kind: 'full', position_ids, real, media, ...sides } as const;
      const { hidden, lent, router } = block.forward(scope, ports.hidden, context);
      const written = lends ? Object.fromEntries(lentPorts(layer).map((port, i) => [port, lent![i]])) : {};
      if (!routers || !router) return { hidden, ...written };
      return {
        hidden,
        ...written,
        [routerPort(layer, 'probabilities')]: router.probabilities,
        [routerPort(layer, 'chosen')]: router.chosen,
      };
    },
  };
}

const CROSS_PORTS = ['features', 'cross_index', 'cross_mask', 'cross_attends', 'cross_feeds'];

function crossingStage(crossing: Crossing, batch: number): Stage {
  return {
    reads: ['hidden', ...CROSS_PORTS],
    forward: (scope, ports) => ({
      hidden: crossing.attend!(scope, ports.hidden, crossContext(scope, crossing, ports, batch)),
    }),
  };
}

function crossContext(
  scope: Scope,
  crossing: Crossing,
  { features, cross_index, cross_mask: mask, cross_attends: attends, cross_feeds: feeds }: Ports,
  batch: number,
  positions?: FeaturePositions,
): CrossContext {
  const [count] = cross_index.shape;
  const own = reshape(gather(features, cross_index), [batch, count / batch, features.shape[1]]);
  const [keys, values] = crossing.keysAndValues(scope, own, positions);
  return { keys, values, mask, attends, feeds };
}
