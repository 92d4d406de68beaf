import type { Backend, HostTensor } from '../contracts/backend.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { WeightReader } from '../contracts/scratch.js';
import type { TensorSpec } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';
import { Activations } from './activations.js';
import type { GivenPorts } from './batch-inputs.js';
import { BufferPool } from './buffers.js';
import { DecodeState } from './decode-state.js';
import { Executables } from './executables.js';
import { placedTable, rowsInOrder } from './placed-table.js';
import { Plans } from './plans.js';
import { PromptMedia } from './prompt-media.js';
import { remember } from './remember.js';
import { RopeMemo } from './rope-memo.js';
import { rowAdapters, type AdapterChoice, type RowAdapters } from './row-adapters.js';
import { compileForward, type ForwardSegment, type SegmentFunction } from './segment.js';
import { planEvaluation, type EvalStage } from './stage-plan.js';
import { StageWalk } from './stage-walk.js';
import { WeightStream } from './weight-stream.js';

/** Prompt pieces come in these steps, so that few graphs are compiled. */
const PROMPT_STEP = 32;
/** Positions of a prompt read at once: activations of more leave the CPU's caches. */
const PROMPT_CHUNK = 512;
/** Positions of the smallest state; larger ones double, since every size is a graph of its own. */
const SMALLEST_CACHE = 256;

/** New positions of a step. */
interface StepSize {
  /** Per row, padding on the right included. */
  readonly length: number;
  /** Positions of the longest row then. */
  readonly used: number;
  /** Of each row, without padding, [B]. */
  readonly fresh: Int32Array;
}

/** What stands among the tokens of each prompt beside text. */
export type MediaOfPrompts = readonly (SampleMedia | undefined)[];

/** Segments of the blocks for `batch` rows of `length` new positions against a cache of `capacity`. */
type StepPlan = readonly ForwardSegment[];

/**
 * Next-token logits with a key/value cache, or whatever state the model's blocks keep. Rows of a batch may have
 * different lengths. Use: one `start` with the prompts, then one `next` per generated token, until `isFull`.
 */
export class GenerateEngine {
  private readonly executables: Executables;
  private readonly plans = new Map<string, Promise<StepPlan>>();
  private readonly embeds = new Map<string, Promise<ForwardSegment>>();
  private readonly towers: Plans<readonly EvalStage[]>;
  private readonly heads = new Map<string, Promise<ForwardSegment>>();
  private readonly rope: RopeMemo;
  private readonly weights: WeightStream;
  private state?: DecodeState;
  /** Filled positions per row. */
  private lengths = new Int32Array(0);
  /** What each row has read, and which adapters it is answered with. */
  private rows: number[][] = [];
  private adapters: RowAdapters;
  private media?: PromptMedia;

  /** @param files reads the weights that were left in files; needed when there are any */
  constructor(
    backend: Backend,
    readonly model: CausalLM,
    private readonly files?: WeightReader,
  ) {
    this.weights = new WeightStream(files);
    this.executables = new Executables(backend);
    this.towers = new Plans(this.executables);
    this.rope = new RopeMemo(model);
    this.adapters = rowAdapters(model, 1);
  }

  /**
   * Reads the prompts, a chunk at a time, and returns the logits [B · V] that follow each. Forgets what was before.
   * @param room tokens that may follow, for which the cache then need not grow
   * @param choices the adapters of each row; those active in the model where there is none
   * @param media of the prompts; where there are any, all rows have the same adapters
   */
  async start(
    prompts: readonly (readonly number[])[],
    room = 1,
    choices: readonly (AdapterChoice | undefined)[] = [],
    media: MediaOfPrompts = [],
  ): Promise<Float32Array> {
    this.adapters = rowAdapters(this.model, prompts.length, choices);
    this.media = await PromptMedia.of(media, prompts, this.model, (inputs) => this.features(inputs));
    return this.read(prompts, room);
  }

  private async read(prompts: readonly (readonly number[])[], room: number): Promise<Float32Array> {
    const batch = prompts.length;
    this.rows = prompts.map((prompt) => [...prompt]);
    const longest = Math.max(...prompts.map(({ length }) => length));
    const padded = Math.ceil(longest / PROMPT_STEP) * PROMPT_STEP;
    this.state = new DecodeState(this.model, batch, cacheSize(padded + room));
    const width = this.model.shape.hidden_size;
    const last = new Float32Array(batch * width);
    for (let start = 0; start < padded; start += PROMPT_CHUNK) {
      const length = Math.min(PROMPT_CHUNK, padded - start);
      const ids = new Int32Array(batch * length);
      prompts.forEach((prompt, row) => ids.set(prompt.slice(start, start + length), row * length));
      // Rows that have ended are padded; what padding writes is overwritten before it is seen.
      this.lengths = new Int32Array(batch).fill(start);
      const fresh = Int32Array.from(prompts, (prompt) =>
        Math.min(length, Math.max(0, prompt.length - start)),
      );
      // Positions scale by the whole prompt, however many pieces it is read in.
      const hidden = await this.run(ids, { length, used: longest, fresh });
      prompts.forEach((prompt, row) => {
        const at = prompt.length - 1 - start;
        if (at < 0 || at >= length) return;
        const from = (row * length + at) * width;
        last.set((hidden.data as Float32Array).subarray(from, from + width), row * width);
      });
    }
    this.lengths = Int32Array.from(prompts, ({ length }) => length);
    return this.logits({ dtype: 'float32', shape: [batch, width], data: last });
  }

  /** Appends one token per row and returns the logits [B · V] that follow. */
  async next(tokens: readonly number[]): Promise<Float32Array> {
    const needed = Math.max(...this.lengths) + 1;
    if (this.model.turnsAnew(needed - 1, needed)) {
      return this.read(
        this.rows.map((row, i) => [...row, tokens[i]]),
        SMALLEST_CACHE,
      );
    }
    this.rows.forEach((row, i) => row.push(tokens[i]));
    if (needed > this.state!.capacity) this.state = this.state!.grown(cacheSize(needed));
    const fresh = new Int32Array(tokens.length).fill(1);
    const hidden = await this.run(Int32Array.from(tokens), { length: 1, used: needed, fresh });
    this.lengths = this.lengths.map((length) => length + 1);
    return this.logits({ ...hidden, shape: [tokens.length, this.model.shape.hidden_size] });
  }

  /** Whether the longest row has as many tokens as the model has positions. */
  get isFull(): boolean {
    return Math.max(...this.lengths) >= this.model.mostPositions;
  }

  async release(): Promise<void> {
    this.state = undefined;
    this.media = undefined;
    this.plans.clear();
    this.embeds.clear();
    this.heads.clear();
    await this.executables.release();
    await this.files?.close();
  }

  /** Hidden states [B, length, D] of new positions behind the filled ones. */
  private async run(ids: Int32Array, { length, used, fresh }: StepSize): Promise<HostTensor> {
    const { capacity, blocks, batch } = this.state!;
    const plan = await this.plan(batch, length, capacity);
    // Padding may lie past the last position there is.
    const last = this.model.mostPositions - 1;
    const positions = Int32Array.from(ids, (_, i) =>
      Math.min(last, this.lengths[Math.floor(i / length)] + (i % length)),
    );
    const int = (shape: readonly number[], data: Int32Array): HostTensor => ({ dtype: 'int32', shape, data });
    const { ropeAxes } = this.model;
    const placed = ropeAxes && this.media?.positionsAt(this.lengths, length, capacity - 1);
    const rows = placed ? rowsInOrder([batch, length]) : int([batch, length], positions);
    const sides = [rows, int([batch], this.lengths), int([batch], fresh)];
    const { data } = this.adapters;
    let hidden = await this.embed(int([batch * length], ids), int([batch * length], positions), batch);
    for (const [i, block] of plan.entries()) {
      const whole = this.rope.get(this.model.blocks[i].view.rope, capacity, used);
      const tables = placed ? whole.map((table) => placedTable(table, placed, ropeAxes!)) : whole;
      const inputs = [hidden, ...tables, ...sides, ...data, ...blocks[i]];
      const isRecurrent = this.model.blocks[i].recurrent;
      const [output, ...state] = await this.call(block, inputs, {
        into: isRecurrent ? [] : [undefined, ...blocks[i]],
        next: plan[i + 1],
      });
      hidden = output;
      if (isRecurrent) blocks[i] = state;
    }
    return hidden;
  }

  /** Hidden states [B, T, D] before the first block; features stand where the prompts have them. */
  private async embed(ids: HostTensor, positions: HostTensor, batch: number): Promise<HostTensor> {
    const seq = ids.data.length / batch;
    const places = this.media?.placesAt(this.lengths, seq);
    const features = places && this.media?.features;
    const data = [ids, positions];
    if (features) {
      const { feature_index, is_feature } = places;
      data.push(features, { dtype: 'int32', shape: ids.shape, data: feature_index });
      data.push({ dtype: 'float32', shape: ids.shape, data: is_feature });
    }
    const { key, version, data: weights, follow } = this.adapters;
    const inputs = [...data, ...weights];
    const place = `${batch}x${seq}:${features?.shape[0] ?? 0}${key}`;
    const segment = await remember(this.embeds, place, () => {
      const stage = this.model.embedStage({ batch, seq, placesFeatures: features !== undefined });
      const body: SegmentFunction = (scope, tensors) => {
        follow(scope, tensors.slice(data.length));
        const ports = Object.fromEntries(stage.reads.map((port, i) => [port, tensors[i]]));
        return [stage.forward(scope, ports).hidden];
      };
      return compileForward(body, inputs, this.executables, { version, mapped: true });
    });
    const [hidden] = await this.call(segment, inputs);
    return hidden;
  }

  /** The port `features` [F, D] of media. */
  private async features(inputs: Readonly<Record<string, HostTensor>>): Promise<HostTensor> {
    const given: GivenPorts = (port) => inputs[port];
    const key = Object.entries(inputs).map(([port, { shape }]) => `${port}=${shape.join('x')}`);
    const { version } = this.adapters;
    const stages = await this.towers.get(key.join(':') + this.adapters.key, (compiler) =>
      planEvaluation(this.model.mediaStages({ inputs }), given, compiler, { version }),
    );
    const buffers = new BufferPool();
    const walk = new StageWalk(buffers, this.weights, new Activations(buffers));
    return (await walk.evaluate(stages, given)).get('features')!;
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

  /** @param hidden [B, D] */
  private async logits(hidden: HostTensor): Promise<Float32Array> {
    const [batch] = hidden.shape;
    const { key, version, data, follow } = this.adapters;
    const head = await remember(this.heads, `${batch}${key}`, () => {
      const body: SegmentFunction = (scope, [x, ...weights]) => {
        follow(scope, weights);
        return [this.model.logits(scope, x)];
      };
      const options = { version, packed: true, mapped: true };
      return compileForward(body, [hidden, ...data], this.executables, options);
    });
    const [logits] = await this.call(head, [hidden, ...data]);
    return logits.data as Float32Array;
  }

  private plan(batch: number, length: number, capacity: number): Promise<StepPlan> {
    return remember(this.plans, `${batch}x${length}x${capacity}${this.adapters.key}`, () =>
      this.compile(batch, length, capacity),
    );
  }

  private async compile(batch: number, length: number, capacity: number): Promise<StepPlan> {
    const { hidden_size } = this.model.shape;
    const float = (...shape: readonly number[]): TensorSpec => ({ dtype: 'float32', shape });
    const int = (...shape: number[]): TensorSpec => ({ dtype: 'int32', shape });
    // One token at a time is bound by reading weights, so they are packed once, or mapped. A prompt is bound by arithmetic,
    // and comes in many lengths: its layers share a graph and are given their weights.
    const isToken = length === 1;
    const { version, data, follow } = this.adapters;

    const hidden = float(batch, length, hidden_size);
    const blocks: ForwardSegment[] = [];
    for (const block of this.model.blocks) {
      const body: SegmentFunction = (scope, [x, cos, sin, position_ids, past, fresh, ...rest]) => {
        follow(scope, rest.slice(0, data.length));
        const state = rest.slice(data.length);
        const context = { kind: 'cached', cos, sin, position_ids, past, fresh, state } as const;
        const output = block.forward(scope, x, context);
        return [output.hidden, ...output.state!];
      };
      const whole = this.rope.get(block.view.rope, capacity, 1);
      const tables = this.model.ropeAxes
        ? whole.map(({ shape: [, half] }) => float(batch * length, half))
        : whole;
      const state = block.state(batch, capacity).map((shape) => float(...shape));
      const specs = [hidden, ...tables, int(batch, length), int(batch), int(batch), ...data, ...state];
      const options = { version, packed: isToken, mapped: isToken };
      blocks.push(await compileForward(body, specs, this.executables, options));
    }
    return blocks;
  }
}

function cacheSize(positions: number): number {
  let size = SMALLEST_CACHE;
  while (size < positions) size *= 2;
  return size;
}
