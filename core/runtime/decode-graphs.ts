/** The compiled graphs of a generation: embedding, blocks against a cache, head, and the tower of media. */
import type { HostTensor } from '../contracts/backend.js';
import type { WeightReader } from '../contracts/scratch.js';
import { gather, reshape, type Tensor, type TensorSpec } from '../graph/index.js';
import {
  deepPort,
  viewPorts,
  type Block,
  type BlockView,
  type CausalLM,
  type CrossContext,
} from '../nn/index.js';
import { Activations } from './activations.js';
import type { GivenPorts } from './batch-inputs.js';
import { BufferPool } from './buffers.js';
import type { DecodeState } from './decode-state.js';
import type { Compiler, Executables } from './executables.js';
import type { CrossInputs } from './cross-inputs.js';
import { embeddedIds, placePorts, type FeaturePlaces } from './media-inputs.js';
import { Plans } from './plans.js';
import { remember } from './remember.js';
import type { PassRotary, PassRows, RotaryInputs } from './rotary-inputs.js';
import type { RowAdapters } from './row-adapters.js';
import { compileForward, type ForwardSegment, type SegmentFunction } from './segment.js';
import { planEvaluation, type EvalStage } from './stage-plan.js';
import { StageWalk } from './stage-walk.js';
import { WeightStream } from './weight-stream.js';

/**
 * Plans for one token a row that are kept, by rows and capacity. Weights of few bits are packed anew for each, so these
 * are as dear in memory as the model.
 */
const MOST_TOKEN_PLANS = 4;

/** What the embedding is given. */
export interface PassTokens {
  /** int32 [B · T] */
  readonly ids: Int32Array;
  /** Number of each token in its row, int32 [B · T]. */
  readonly positions: Int32Array;
  readonly media?: PlacedFeatures;
}

/** Media among the tokens. */
export interface PlacedFeatures {
  /** [F, D]: those that are embedded, then those for the hidden states behind each of the first blocks. */
  readonly features: readonly HostTensor[];
  readonly places: FeaturePlaces;
}

/** Makes the additive mask [B, T, capacity] of blocks with that view. */
export type ViewMask = (view: BlockView) => HostTensor;

/** What the blocks of a pass work with. */
interface BlockRun {
  readonly state: DecodeState;
  readonly adapters: RowAdapters;
  readonly media?: PlacedFeatures;
  /** Where some of the new positions see later ones. */
  readonly mask?: ViewMask;
  /** For blocks that look at features; those that look at nothing else are left out without it. */
  readonly cross?: CrossInputs;
}

type BlockPlan = readonly (ForwardSegment | undefined)[];

export class DecodeGraphs {
  private readonly embeds: Plans<ForwardSegment>;
  private readonly prompts: Plans<BlockPlan>;
  private readonly tokens: Plans<BlockPlan>;
  private readonly looks: Plans<BlockPlan>;
  private readonly heads: Plans<ForwardSegment>;
  private readonly towers: Plans<readonly EvalStage[]>;
  private readonly weights: WeightStream;

  constructor(
    private readonly model: CausalLM,
    private readonly executables: Executables,
    private readonly rotary: RotaryInputs,
    files?: WeightReader,
  ) {
    this.weights = new WeightStream(files);
    this.embeds = new Plans(executables);
    this.prompts = new Plans(executables);
    this.tokens = new Plans(executables, MOST_TOKEN_PLANS);
    this.heads = new Plans(executables, MOST_TOKEN_PLANS);
    this.towers = new Plans(executables);
    this.looks = new Plans(executables);
  }

  /**
   * Hidden states [B, T, D] before the first block, and what each block reads alone; features stand where the prompts have
   * them.
   */
  async embed(
    { ids, positions, media }: PassTokens,
    adapters: RowAdapters,
    batch: number,
  ): Promise<readonly HostTensor[]> {
    const shape = [ids.length];
    const seq = ids.length / batch;
    const stage = this.model.embedStage({ batch, seq, placesFeatures: media !== undefined });
    const asked = media ? embeddedIds(ids, media.places, this.model) : ids;
    const ports: Readonly<Record<string, HostTensor>> = {
      input_ids: { dtype: 'int32', shape, data: asked },
      positions: { dtype: 'int32', shape, data: positions },
      ...(media && { features: media.features[0], ...placePorts(media.places) }),
    };
    const given = stage.reads.map((port) => ports[port]);
    const inputs = [...given, ...adapters.data];
    const key = `${batch}x${seq}:${media?.features[0].shape[0] ?? 0}${adapters.key}`;
    const segment = await this.embeds.get(key, (compiler) => {
      const body: SegmentFunction = (scope, tensors) => {
        adapters.follow(scope, tensors.slice(given.length));
        const read = Object.fromEntries(stage.reads.map((port, i) => [port, tensors[i]]));
        const { hidden, ...own } = stage.forward(scope, read);
        return [hidden, ...Object.values(own)];
      };
      return compileForward(body, inputs, compiler, { version: adapters.version, mapped: true });
    });
    return this.call(segment, inputs);
  }

  /** Runs the blocks over new positions [B, T, D], which enter the state. @param media whose features the first blocks are followed by */
  async blocks(
    [embedded, ...own]: readonly HostTensor[],
    rows: PassRows,
    rotary: PassRotary,
    { state, adapters, media, mask, cross }: BlockRun,
  ): Promise<HostTensor> {
    const { batch, capacity, seen, blocks, looks } = state;
    const { length, past, fresh } = rows;
    const tokens = media?.places.media_tokens;
    const size = { batch, length, capacity, seen, masked: mask !== undefined, told: tokens !== undefined };
    const plan = await this.plan(size, adapters);
    const told: HostTensor[] = tokens ? [{ dtype: 'float32', shape: [batch, length], data: tokens }] : [];
    const masks = new Map<string, HostTensor>();
    const maskOf = (view: BlockView): HostTensor[] =>
      mask ? [remember(masks, viewPorts(view).mask, () => mask(view))] : [];
    const int = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [batch], data });
    const sides = [rotary.position_ids, int(past), int(fresh), ...adapters.data, ...told];
    let hidden = embedded;
    for (const [i, block] of plan.entries()) {
      if (!block) continue;
      const { view, recurrent, crossing } = this.model.blocks[i];
      const looked = crossing && cross ? [cross.mask, cross.attends, cross.feeds, ...looks[i]] : [];
      if (crossing?.attend) {
        [hidden] = await this.call(block, [hidden, ...looked, ...adapters.data], { next: plan[i + 1] });
        continue;
      }
      const given = [...sides, ...maskOf(view), ...(view.own ? [own[i]] : []), ...looked];
      const inputs = [hidden, ...rotary.tables(view.rope), ...given, ...blocks[view.shares ?? i]];
      const [output, ...next] = await this.call(block, inputs, {
        into: recurrent ? [] : [undefined, ...blocks[i]],
        next: plan[i + 1],
      });
      hidden = output;
      const further = media?.features[i + 1];
      if (further) addFeatures(hidden, further, media.places);
      if (recurrent) blocks[i] = next;
    }
    return hidden;
  }

  /**
   * Fills the state of blocks that look at features with keys and values of these.
   * @param index of each row, which of the features [F, D] it has, int32 [B · S]
   * @param positions by which keys turn, int32 [B, S]; none where they do not
   */
  async lookAt(
    features: HostTensor,
    index: HostTensor,
    positions: HostTensor | undefined,
    { state, adapters }: BlockRun,
  ): Promise<void> {
    const { batch, seen, capacity, looks } = state;
    const { data, follow, version } = adapters;
    const key = `${batch}x${seen}x${positions ? capacity : 0}:${features.shape[0]}${adapters.key}`;
    const inputsOf = ({ view }: Block): HostTensor[] => [
      features,
      index,
      ...(positions ? [...this.rotary.table(view.rope, capacity), positions] : []),
      ...data,
    ];
    const plan = await this.looks.get(key, async (compiler) => {
      const segments: (ForwardSegment | undefined)[] = [];
      for (const block of this.model.blocks) {
        const { crossing } = block;
        const body: SegmentFunction = (scope, [all, rows, ...rest]) => {
          const [cos, sin, position_ids] = positions ? rest.splice(0, 3) : [];
          follow(scope, rest);
          const own = reshape(gather(all, rows), [batch, seen, features.shape[1]]);
          return crossing!
            .keysAndValues(scope, own, positions && { cos, sin, position_ids })
            .map((part, i) => reshape(part, crossing!.state(batch, seen)[i]));
        };
        segments.push(crossing && (await compileForward(body, inputsOf(block), compiler, { version })));
      }
      return segments;
    });
    for (const [i, look] of plan.entries())
      if (look) looks[i] = await this.call(look, inputsOf(this.model.blocks[i]));
  }

  /** Logits [B · V] of hidden states [B, D]. */
  async logits(hidden: HostTensor, { key, version, data, follow }: RowAdapters): Promise<Float32Array> {
    const head = await this.heads.get(`${hidden.shape[0]}${key}`, (compiler) => {
      const body: SegmentFunction = (scope, [x, ...weights]) => {
        follow(scope, weights);
        return [this.model.logits(scope, x)];
      };
      const options = { version, packed: true, mapped: true };
      return compileForward(body, [hidden, ...data], compiler, options);
    });
    const [logits] = await this.call(head, [hidden, ...data]);
    return logits.data as Float32Array;
  }

  /** The features [F, D] of media, as a tower with these adapters sees them: those that are embedded first. */
  async features(
    inputs: Readonly<Record<string, HostTensor>>,
    { key: adaptersKey, version }: RowAdapters,
  ): Promise<readonly HostTensor[]> {
    const given: GivenPorts = (port) => inputs[port];
    const key = Object.entries(inputs).map(([port, { shape }]) => `${port}=${shape.join('x')}`);
    const stages = await this.towers.get(key.join(':') + adaptersKey, (compiler) =>
      planEvaluation(this.model.mediaStages({ inputs }), given, compiler, { version }),
    );
    const buffers = new BufferPool();
    const walk = new StageWalk(buffers, this.weights, new Activations(buffers));
    const written = await walk.evaluate(stages, given);
    const further = Array.from({ length: this.model.tower!.deep }, (_, layer) => deepPort(layer));
    return ['features', ...further].map((port) => written.get(port)!);
  }

  async release(): Promise<void> {
    await this.executables.release();
  }

  /** Runs a segment. @param next whose weights are read meanwhile, where they lie in files */
  private async call(
    { run, parameters }: ForwardSegment,
    data: readonly HostTensor[],
    { into, next }: { into?: readonly (HostTensor | undefined)[]; next?: ForwardSegment } = {},
  ): Promise<HostTensor[]> {
    const weights = await this.weights.take(parameters, next?.parameters);
    const outputs = await run.run([...data, ...weights], into);
    this.weights.give(parameters, weights);
    return outputs;
  }

  private plan(size: PassSize, adapters: RowAdapters): Promise<BlockPlan> {
    const { batch, length, capacity, seen, masked, told } = size;
    const plans = length === 1 ? this.tokens : this.prompts;
    const kinds = `${masked ? ':masked' : ''}${told ? ':told' : ''}${seen > 0 ? `:${seen}` : ''}`;
    return plans.get(`${batch}x${length}x${capacity}${kinds}${adapters.key}`, (compiler) =>
      this.compile(size, adapters, compiler),
    );
  }

  private async compile(
    { batch, length, capacity, seen, masked, told }: PassSize,
    { version, data, follow }: RowAdapters,
    compiler: Compiler,
  ): Promise<BlockPlan> {
    const float = (...shape: readonly number[]): TensorSpec => ({ dtype: 'float32', shape });
    const int = (...shape: number[]): TensorSpec => ({ dtype: 'int32', shape });
    // One token at a time is bound by reading weights, so they are packed once, or mapped. A prompt is bound by arithmetic,
    // and comes in many lengths: its layers share a graph and are given their weights.
    const isToken = length === 1;
    const hidden = float(batch, length, this.model.shape.hidden_size);
    const mask = masked ? [float(batch, length, capacity)] : [];
    const media = told ? [float(batch, length)] : [];
    const segments: (ForwardSegment | undefined)[] = [];
    const options = { version, packed: isToken, mapped: isToken };
    for (const block of this.model.blocks) {
      const { crossing } = block;
      const share = float(batch, length);
      const looks = (crossing?.state(batch, seen) ?? []).map((shape) => float(...shape));
      const looked = crossing && seen > 0 ? [float(batch, length, seen), share, share, ...looks] : [];
      const crossOf = ([bias, attends, feeds, ...kept]: readonly Tensor[]): CrossContext => {
        const [keys, values] = kept.map((part) => reshape(part, [batch, seen, part.shape[3]]));
        return { keys, values, mask: bias, attends, feeds };
      };
      if (crossing?.attend) {
        const body: SegmentFunction = (scope, [x, ...rest]) => {
          const cross = crossOf(rest.splice(0, looked.length));
          follow(scope, rest);
          return [crossing.attend!(scope, x, cross)];
        };
        const specs = [hidden, ...looked, ...data];
        segments.push(seen > 0 ? await compileForward(body, specs, compiler, options) : undefined);
        continue;
      }
      const { rope, shares, own: width } = block.view;
      const alone = width ? [float(batch, length, width)] : [];
      const body: SegmentFunction = (scope, [x, cos, sin, position_ids, past, fresh, ...rest]) => {
        follow(scope, rest.slice(0, data.length));
        const others = rest.slice(data.length);
        const ofMedia = told ? others.shift() : undefined;
        const hides = masked ? others.shift() : undefined;
        const own = width ? others.shift() : undefined;
        const cross = looked.length > 0 ? crossOf(others.splice(0, looked.length)) : undefined;
        const sides = { own, mask: hides, media: ofMedia, cross };
        const given = { cos, sin, position_ids, past, fresh, state: others, ...sides };
        const output = block.forward(scope, x, { kind: 'cached', ...given });
        return [output.hidden, ...output.state!];
      };
      const table = float(...this.rotary.shape(rope, batch * length, capacity));
      const keeper = shares === undefined ? block : this.model.blocks[shares];
      const state = keeper.state(batch, capacity).map((shape) => float(...shape));
      const counts = [int(batch, length), int(batch), int(batch)];
      const sides = [...counts, ...data, ...media, ...mask, ...alone, ...looked];
      const specs = [hidden, table, table, ...sides, ...state];
      segments.push(await compileForward(body, specs, compiler, options));
    }
    return segments;
  }
}

/** Adds features to hidden states [B, T, D] where they stand. */
function addFeatures(
  { data, shape }: HostTensor,
  features: HostTensor,
  { feature_index, is_feature }: FeaturePlaces,
): void {
  const width = shape[2];
  is_feature.forEach((stands, token) => {
    if (stands === 0) return;
    const from = feature_index[token] * width;
    for (let i = 0; i < width; i++) data[token * width + i] += features.data[from + i];
  });
}

/** Rows, new positions of each, and positions that the cache has room for. */
interface PassSize {
  readonly batch: number;
  readonly length: number;
  readonly capacity: number;
  /** Rows of features that there is room for. */
  readonly seen: number;
  /** Whether some new positions see later ones. */
  readonly masked: boolean;
  /** Whether it is told which tokens layers of their own for media work on: where some of these are among them. */
  readonly told: boolean;
}
