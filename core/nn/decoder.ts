import {
  add,
  constant,
  div,
  full,
  MASKED,
  matmul,
  mul,
  reduceSum,
  scalar,
  scatterAdd,
  softcap,
  sqrt,
  tokenCrossEntropy,
  type Tensor,
} from '../graph/index.js';
import { CausalLM, type Block, type SequencePlace } from './causal-lm.js';
import { CrossBlock, CrossedLayer } from './cross-block.js';
import { DecoderBlock } from './decoder-block.js';
import { Embedding, ExtendedEmbedding } from './embedding.js';
import { LayerEmbeddings, type EmbeddedTokens } from './layer-embeddings.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import { createNorm, type Norm } from './norm.js';
import type { Parameter } from './parameter.js';
import { ropeBasis, ropeTables, turnsAnew, type RopeSettings, type RopeTables } from './rotary.js';
import type { Scope } from './scope.js';
import type { ScoreHead } from './score-head.js';
import type { DecoderTraits } from './traits.js';

class DecoderStack extends Module {
  embed_tokens: Embedding;
  /** Learned positions. */
  readonly embed_positions?: Embedding;
  /** Learned types of tokens. */
  readonly embed_types?: Embedding;
  readonly embed_norm?: Norm;
  readonly layer_embeddings?: LayerEmbeddings;
  readonly layers: (Block | CrossedLayer)[];
  readonly norm?: Norm;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { vocab_size, hidden_size, norm = 'rms', norm_eps, embedding = {}, names = {} } = traits;
    // Checkpoints have its parts beside the embedding.
    this.names = { layer_embeddings: '', ...names };
    const { extra_rows = 0, extra_apart } = embedding;
    this.embed_tokens = extra_apart
      ? new ExtendedEmbedding(vocab_size, extra_rows, hidden_size, names)
      : new Embedding(vocab_size + extra_rows, hidden_size);
    if (embedding.positions) this.embed_positions = new Embedding(embedding.positions, hidden_size);
    if (embedding.types) this.embed_types = new Embedding(embedding.types, hidden_size);
    if (embedding.norm) this.embed_norm = createNorm(embedding.norm, hidden_size, norm_eps);
    if (traits.layer_embeddings) this.layer_embeddings = new LayerEmbeddings(traits.layer_embeddings, traits);
    this.layers = Array.from({ length: traits.num_hidden_layers }, (_, layer) => layerOf(traits, layer));
    if (traits.final_norm !== false) this.norm = createNorm(norm, hidden_size, norm_eps);
  }

  get blocks(): readonly Block[] {
    return this.layers.flatMap((layer) => (layer instanceof CrossedLayer ? layer.blocks : layer));
  }

  /** int32 [N] ids, positions and, where the model has them, types of tokens -> [N, D] */
  embed(scope: Scope, ids: Tensor, position_ids: Tensor, types?: Tensor): Tensor {
    const { scale, first_position } = this.traits.embedding ?? {};
    const rows = this.embed_tokens.forward(scope, ids);
    const scaled = scale === undefined ? rows : mul(rows, scalar(scale));
    const places = first_position ? add(position_ids, scalar(first_position, 'int32')) : position_ids;
    const placed = this.embed_positions ? add(scaled, this.embed_positions.forward(scope, places)) : scaled;
    const typed = this.embed_types ? add(placed, this.embed_types.forward(scope, types!)) : placed;
    return this.embed_norm?.forward(scope, typed) ?? typed;
  }
}

function layerOf(traits: DecoderTraits, layer: number): Block | CrossedLayer {
  if (traits.crosses === 'every') return new CrossedLayer(traits, layer);
  if (traits.crosses?.includes(layer)) return new CrossBlock(traits);
  return traits.block?.(layer) ?? new DecoderBlock(traits, layer);
}

/** The decoder of every family that differs by traits. */
export class Decoder extends CausalLM {
  readonly model: DecoderStack;
  lm_head?: LinearLike;
  override readonly reads: SequencePlace;
  override readonly marks: readonly string[];

  constructor(readonly shape: DecoderTraits) {
    super();
    const { tie_word_embeddings, hidden_size, vocab_size, logits, names = {}, reads = 'last' } = shape;
    // Folders are what layers of a vector are called by.
    this.names = { vector: '', ...names };
    this.reads = reads;
    this.pools = shape.pools ?? (shape.bidirectional ? 'mean' : 'last');
    this.marks = [
      ...(typeof reads === 'object' ? [reads.token] : []),
      ...(shape.embedding?.types ? [SEPARATOR] : []),
    ];
    this.model = new DecoderStack(shape);
    if (!tie_word_embeddings && !shape.wordless)
      this.lm_head = new Linear(hidden_size, vocab_size, { bias: logits?.bias });
  }

  get tied(): readonly (readonly [string, string])[] {
    const { model = 'model', lm_head = 'lm_head', embed_tokens = 'embed_tokens' } = this.names;
    return this.lm_head || this.shape.wordless
      ? []
      : [[`${lm_head}.weight`, `${model}.${embed_tokens}.weight`]];
  }

  untie(): void {
    if (this.lm_head || this.shape.wordless) return;
    const { weight } = this.model.embed_tokens.weight;
    const head = new Linear(this.shape.hidden_size, this.shape.vocab_size);
    head.weight.hold({
      ...weight,
      parts: weight.parts.map((part) => ({ ...part, data: part.data.slice() })),
    });
    this.lm_head = head;
  }

  dropHead(): void {
    this.lm_head = undefined;
  }

  override makeScore(labels: number): ScoreHead {
    return this.shape.score?.(labels) ?? super.makeScore(labels);
  }

  override get writes(): boolean {
    return super.writes && !this.shape.wordless;
  }

  /** Blocks of sparse attention are counted from the start of a row, not of a sample. */
  override get packs(): boolean {
    return super.packs && !this.shape.sparse;
  }

  override get mostPositions(): number {
    const { positions, first_position = 0 } = this.shape.embedding ?? {};
    return positions === undefined ? Infinity : positions - first_position;
  }

  get blocks(): readonly Block[] {
    return this.model.blocks;
  }

  override get embeddedIds(): number {
    return this.shape.vocab_size + (this.shape.embedding?.extra_rows ?? 0);
  }

  override insertBlock(after: number): Block {
    if (this.shape.crosses || this.shape.block) return super.insertBlock(after);
    const block = new DecoderBlock(this.shape, after);
    this.model.layers.splice(after + 1, 0, block);
    return block;
  }

  embed(scope: Scope, ids: Tensor, position_ids: Tensor, types?: Tensor): Tensor {
    return this.model.embed(scope, ids, position_ids, types);
  }

  protected override layerEmbeddings(scope: Scope, tokens: EmbeddedTokens): readonly Tensor[] {
    return this.model.layer_embeddings?.forward(scope, tokens) ?? [];
  }

  override get mediaId(): number {
    return this.shape.layer_embeddings?.media_id ?? super.mediaId;
  }

  override get tokenTypes(): number {
    return this.shape.embedding?.types ?? 0;
  }

  loss(scope: Scope, hidden: Tensor, labels: Tensor): { loss: Tensor; correct: Tensor } {
    const { cap, bias, normalized, unused } = this.shape.logits ?? {};
    const { head } = this;
    if (cap !== undefined || bias || normalized === 'rows' || unused || !head)
      return tokenCrossEntropy(this.logits(scope, hidden), labels);
    return scope.crossEntropy(this.beforeHead(scope, hidden), head, labels);
  }

  normed(scope: Scope, hidden: Tensor): Tensor {
    return this.model.norm?.forward(scope, hidden) ?? hidden;
  }

  logits(scope: Scope, hidden: Tensor): Tensor {
    const { cap, normalized, unused } = this.shape.logits ?? {};
    const x = this.beforeHead(scope, hidden);
    const { head, lm_head } = this;
    const logits = !head
      ? lm_head!.forward(scope, x)
      : normalized === 'rows'
        ? matmul(x, unitRows(scope.param(head)), { transB: true })
        : scope.linear(x, head, lm_head instanceof Linear ? lm_head.bias : undefined);
    const capped = cap === undefined ? logits : softcap(logits, cap);
    return unused ? add(capped, maskOf(unused, this.shape.vocab_size)) : capped;
  }

  rope(which: number, length: number, used: number, first = 0): RopeTables {
    return ropeTables(length, { ...this.ropes[which], used }, first);
  }

  ropeBasis(which: number, used: number): number {
    return ropeBasis(this.ropes[which], used);
  }

  turnsAnew(before: number, after: number): boolean {
    return this.ropes.some((settings) => turnsAnew(settings, before, after));
  }

  private get ropes(): readonly RopeSettings[] {
    const { head_dim, rotary_dims: dims = head_dim, rope_theta, rope_scaling, local_rope } = this.shape;
    const first = { dims, theta: rope_theta, scaling: rope_scaling };
    return local_rope ? [first, { ...local_rope, dims: local_rope.dims ?? dims }] : [first];
  }

  /** What acts on the logits as a factor, or on columns of the head, acts here, where there are fewer numbers. */
  private beforeHead(scope: Scope, hidden: Tensor): Tensor {
    const normed = this.normed(scope, hidden);
    const { scale, normalized } = this.shape.logits ?? {};
    const scaled = scale === undefined ? normed : mul(normed, scalar(scale));
    return normalized === 'columns' && this.head
      ? div(scaled, columnLengths(scope.param(this.head)))
      : scaled;
  }

  /** The head's one matrix; undefined where a tuner has wrapped it. */
  private get head(): Parameter | undefined {
    if (!this.lm_head) return this.model.embed_tokens.weight;
    return this.lm_head instanceof Linear ? this.lm_head.weight : undefined;
  }
}

/** Attribute of a tokenizer that tells parts of a sequence apart. */
const SEPARATOR = 'sep_token';

/** What keeps some of the ids from being predicted, [V]. */
function maskOf(ids: readonly number[], vocabulary: number): Tensor {
  return scatterAdd(constant(ids, [ids.length], 'int32'), full([ids.length], MASKED), vocabulary);
}

/** Rows of a matrix [V, D] scaled to length 1, but for rows of zeros. */
function unitRows(weight: Tensor): Tensor {
  return div(weight, sqrt(add(reduceSum(mul(weight, weight), [-1], true), scalar(1e-24))));
}

/** Lengths of the columns of a matrix [V, D], none of them 0 -> [D]. */
function columnLengths(weight: Tensor): Tensor {
  return add(sqrt(reduceSum(mul(weight, weight), [0])), scalar(1e-7));
}
