/** The compiled graphs of a generation: embedding, blocks against a cache, head, and the tower of media. */
import type { HostTensor } from '../contracts/backend.js';
import type { WeightReader } from '../contracts/scratch.js';
import type { TensorSpec } from '../graph/index.js';
import { deepPort, type CausalLM } from '../nn/index.js';
import { Activations } from './activations.js';
import type { GivenPorts } from './batch-inputs.js';
import { BufferPool } from './buffers.js';
import type { DecodeState } from './decode-state.js';
import type { Compiler, Executables } from './executables.js';
import type { FeaturePlaces } from './media-inputs.js';
import { Plans } from './plans.js';
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

/** What the blocks of a pass work with. */
interface Blocks {
  readonly state: DecodeState;
  readonly adapters: RowAdapters;
  readonly media?: PlacedFeatures;
}

export class DecodeGraphs {
  private readonly embeds: Plans<ForwardSegment>;
  private readonly prompts: Plans<readonly ForwardSegment[]>;
  private readonly tokens: Plans<readonly ForwardSegment[]>;
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
  }

  /** Hidden states [B, T, D] before the first block; features stand where the prompts have them. */
  async embed(
    { ids, positions, media }: PassTokens,
    adapters: RowAdapters,
    batch: number,
  ): Promise<HostTensor> {
    const size = ids.length;
    const seq = size / batch;
    const given: HostTensor[] = [ids, positions].map((data) => ({ dtype: 'int32', shape: [size], data }));
    if (media) {
      const { feature_index, is_feature } = media.places;
      given.push(media.features[0], { dtype: 'int32', shape: [size], data: feature_index });
      given.push({ dtype: 'float32', shape: [size], data: is_feature });
    }
    const inputs = [...given, ...adapters.data];
    const placesFeatures = media !== undefined;
    const key = `${batch}x${seq}:${media?.features[0].shape[0] ?? 0}${adapters.key}`;
    const segment = await this.embeds.get(key, (compiler) => {
      const stage = this.model.embedStage({ batch, seq, placesFeatures });
      const body: SegmentFunction = (scope, tensors) => {
        adapters.follow(scope, tensors.slice(given.length));
        const ports = Object.fromEntries(stage.reads.map((port, i) => [port, tensors[i]]));
        return [stage.forward(scope, ports).hidden];
      };
      return compileForward(body, inputs, compiler, { version: adapters.version, mapped: true });
    });
    const [hidden] = await this.call(segment, inputs);
    return hidden;
  }

  /** Runs the blocks over new positions [B, T, D], which enter the state. @param media whose features the first blocks are followed by */
  async blocks(
    embedded: HostTensor,
    rows: PassRows,
    rotary: PassRotary,
    { state, adapters, media }: Blocks,
  ): Promise<HostTensor> {
    const { batch, capacity, blocks } = state;
    const { length, past, fresh } = rows;
    const plan = await this.plan({ batch, length, capacity }, adapters);
    const int = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [batch], data });
    const sides = [rotary.position_ids, int(past), int(fresh), ...adapters.data];
    let hidden = embedded;
    for (const [i, block] of plan.entries()) {
      const { view, recurrent } = this.model.blocks[i];
      const inputs = [hidden, ...rotary.tables(view.rope), ...sides, ...blocks[i]];
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

  private plan(size: PassSize, adapters: RowAdapters): Promise<readonly ForwardSegment[]> {
    const { batch, length, capacity } = size;
    const plans = length === 1 ? this.tokens : this.prompts;
    return plans.get(`${batch}x${length}x${capacity}${adapters.key}`, (compiler) =>
      this.compile(size, adapters, compiler),
    );
  }

  private async compile(
    { batch, length, capacity }: PassSize,
    { version, data, follow }: RowAdapters,
    compiler: Compiler,
  ): Promise<readonly ForwardSegment[]> {
    const float = (...shape: readonly number[]): TensorSpec => ({ dtype: 'float32', shape });
    const int = (...shape: number[]): TensorSpec => ({ dtype: 'int32', shape });
    // One token at a time is bound by reading weights, so they are packed once, or mapped. A prompt is bound by arithmetic,
    // and comes in many lengths: its layers share a graph and are given their weights.
    const isToken = length === 1;
    const hidden = float(batch, length, this.model.shape.hidden_size);
    const segments: ForwardSegment[] = [];
    for (const block of this.model.blocks) {
      const body: SegmentFunction = (scope, [x, cos, sin, position_ids, past, fresh, ...rest]) => {
        follow(scope, rest.slice(0, data.length));
        const state = rest.slice(data.length);
        const context = { kind: 'cached', cos, sin, position_ids, past, fresh, state } as const;
        const output = block.forward(scope, x, context);
        return [output.hidden, ...output.state!];
      };
      const table = float(...this.rotary.shape(block.view.rope, batch * length, capacity));
      const state = block.state(batch, capacity).map((shape) => float(...shape));
      const specs = [hidden, table, table, int(batch, length), int(batch), int(batch), ...data, ...state];
      const options = { version, packed: isToken, mapped: isToken };
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
}
