import type { Backend, HostTensor } from '../contracts/backend.js';
import type { Batch } from '../contracts/batch.js';
import type { Scratch } from '../contracts/scratch.js';
import type { TokenQuantity, TokenValues } from '../nn/token-values.js';
import { bitsOf, isCodes, type ResidualPolicy } from '../graph/index.js';
import { accumulate } from '../kernels/index.js';
import {
  routerPort,
  type CausalLM,
  type ComputePrecision,
  type Parameter,
  type ReadingName,
  type ReadingOptions,
} from '../nn/index.js';
import { Activations } from './activations.js';
import { BatchInputs, realTokens } from './batch-inputs.js';
import { BufferPool } from './buffers.js';
import { addEmbeddingNoise, type EmbeddingNoise } from './embedding-noise.js';
import { Executables } from './executables.js';
import { Head, type HeadResult } from './head.js';
import { placesOf } from './places.js';
import { Readings, type TeacherLogits } from './readings.js';
import { seen } from './media-inputs.js';
import type { MemoryEntry } from './memory-report.js';
import { Plans } from './plans.js';
import { routerLoss, type LayerRouting } from './router-loss.js';
import { planEvaluation, planTraining, type EvalStage, type TrainStage } from './stage-plan.js';
import { StageWalk, type GradientSink, type PortValues, type Walked } from './stage-walk.js';
import { supervisedRows, type SupervisedRows } from './supervised-rows.js';
import { asTuned, versionKey, type Version } from './version.js';
import { WeightStream } from './weight-stream.js';

export interface TrainEngineOptions {
  /** What forward keeps for backward; `recompute` is gradient checkpointing. */
  readonly residuals: ResidualPolicy;
  /** Arithmetic of products with frozen int8 weights; float32 when absent. */
  readonly precision?: ComputePrecision;
  /** Logits are divided by it before anything is said of them; 1 when absent. */
  readonly temperature?: number;
  /** Where between teacher and student a divergence is taken from, and what logits are divided by for it; see `reading`. */
  readonly divergence?: ReadingOptions;
  /** Weight of the loss that keeps experts equally busy; none when absent or 0. */
  readonly router_aux_loss_coef?: number;
  /** Where offloaded activations and weights lie; needed when anything is offloaded. */
  readonly scratch?: Scratch;
  /** Where gradients add up, zeros at first, for each trainable parameter; memory of its own when absent. */
  readonly gradients?: ReadonlyMap<Parameter, Float32Array>;
}

/** Gradients of what is optimized by what was read off a pass: of log-probabilities, [N], and of readings. */
export type Cotangents = Partial<Readonly<Record<'logp' | ReadingName, Float32Array>>>;

/** The first half of a pass: hidden states, from which the head says what is asked, and the way back. */
export interface Pass {
  readonly batch: Batch;
  readonly supervised: SupervisedRows;
  readonly walked: Walked;
  /** Of the last block, [B, T, D]. */
  readonly hidden: HostTensor;
}

/**
 * Computes losses and gradients of a causal language model, stage by stage, and back. A pass has two halves: `forward`
 * with what `measure` reads off it, and `backward` from gradients of the tokens' log-probabilities. `accumulate` is
 * both with cross entropy between them, for which the head runs once. Gradients add up in `gradients` until `zeroGradients`.
 */
export class TrainEngine {
  /** On the embeddings of passes that have a way back. */
  noise?: EmbeddingNoise;
  readonly executables: Executables;
  private held: ReadonlyMap<Parameter, Float32Array>;
  /** How often other parameters began to train. */
  private turns = 0;
  private readonly buffers = new BufferPool();
  private readonly weights: WeightStream;
  private readonly walk: StageWalk;
  private readonly head: Head;
  private readonly readings: Readings;
  private readonly inputs: BatchInputs;
  private readonly trainPlans: Plans<readonly TrainStage[]>;
  private readonly evalPlans: Plans<readonly EvalStage[]>;
  private readonly sink: GradientSink = {
    add: (parameter, values) => accumulate(this.gradients.get(parameter)!, values),
    addRows: (table, ids, values) => addRows(this.gradients.get(table)!, ids, values),
  };

  constructor(
    backend: Backend,
    private readonly model: CausalLM,
    private readonly options: TrainEngineOptions,
  ) {
    const { scratch, residuals } = options;
    this.executables = new Executables(backend, savesMemory(model, options));
    this.trainPlans = new Plans(this.executables);
    this.evalPlans = new Plans(this.executables);
    this.head = new Head(model, this.executables, options.temperature);
    this.readings = new Readings(model, this.executables, options.divergence);
    this.inputs = new BatchInputs(model);
    this.weights = new WeightStream(scratch);
    const activations = new Activations(this.buffers, residuals === 'offload' ? scratch : undefined);
    this.walk = new StageWalk(this.buffers, this.weights, activations);
    this.held = options.gradients ?? ordinaryGradients(model);
  }

  /** Tokens that the model has learned positions for. */
  get positions(): number {
    return this.model.shape.max_position_embeddings;
  }

  get gradients(): ReadonlyMap<Parameter, Float32Array> {
    return this.held;
  }

  /** Other parameters train from now on. @param gradients where those add up, zeros at first */
  retune(gradients: ReadonlyMap<Parameter, Float32Array>): void {
    this.held = gradients;
    this.turns++;
    this.head.retune();
    this.readings.retune();
  }

  /** Before the first pass of each optimizer step. */
  zeroGradients(): void {
    for (const gradient of this.gradients.values()) gradient.fill(0);
  }

  /** The first half of a pass. @param uniform source of dropout masks, uniform in [0, 1) */
  async forward(plain: Batch, uniform: () => number): Promise<Pass> {
    const batch = await seen(plain, this.model);
    const given = this.inputs.of(batch);
    const { residuals, precision = 'fp32' } = this.options;
    const routers = this.routerWeight > 0;
    const stages = await this.trainPlans.get(`${this.inputs.shapeKey(batch)} ${this.turns}`, (compiler) =>
      planTraining(this.model.stages({ ...batch, routers }), given, compiler, {
        residuals,
        precision,
        version: asTuned(this.model),
      }),
    );
    const walked = await this.walk.forward(stages, given, uniform, this.noisy(stages, batch));
    const hidden = taken(walked.ports, 'hidden');
    return { batch, supervised: supervisedRows(batch), walked, hidden };
  }

  /** What adds noise to what the first block reads; nothing where there is none. */
  private noisy(
    stages: readonly TrainStage[],
    batch: Batch,
  ): ((stage: number, ports: PortValues) => void) | undefined {
    const { noise } = this;
    if (!noise) return undefined;
    const embedding = stages.findIndex(({ writes }) => writes.includes('hidden'));
    return (stage, ports) => {
      if (stage === embedding) addEmbeddingNoise(ports.get('hidden')!.data as Float32Array, batch, noise);
    };
  }

  /** What the model says of a pass's supervised tokens. */
  measure<Q extends TokenQuantity>(pass: Pass, wanted: readonly Q[]): Promise<TokenValues<Q>> {
    return this.head.measure(pass.hidden.data as Float32Array, pass.supervised, wanted);
  }

  /** What is read off a pass, place after place. @param teacher whom a divergence is taken from */
  read(pass: Pass, name: ReadingName, teacher?: TeacherLogits): Promise<Float32Array> {
    const hidden = pass.hidden.data as Float32Array;
    return this.readings.measure(name, { hidden, places: placesOf(this.model, pass.batch, name), teacher });
  }

  /**
   * The second half.
   * @param share of the step that this pass is, by which its load-balancing loss counts
   * @param teacher whom a divergence is taken from
   * @returns that loss
   */
  async backward(
    pass: Pass,
    cotangents: Cotangents,
    share: number,
    teacher?: TeacherLogits,
  ): Promise<number> {
    const { logp, ...readings } = cotangents;
    const weights = logp?.map((value) => -value) ?? pass.supervised.weights;
    const supervised = logp ? { ...pass.supervised, weights } : NOTHING_SUPERVISED;
    const { balance } = await this.finish(
      { ...pass, supervised },
      { scale: 1, units: share },
      async (hidden, dHidden) => {
        for (const [name, own] of Object.entries(readings) as [ReadingName, Float32Array][]) {
          const at = { hidden, places: placesOf(this.model, pass.batch, name), teacher };
          const onGradient = (parameter: Parameter, values: Float32Array): void =>
            this.sink.add(parameter, values);
          await this.readings.back(name, at, { cotangents: own, dHidden, onGradient });
        }
      },
    );
    return balance;
  }

  /**
   * Forward and backward of one micro-batch under cross entropy.
   * @param scale factor on every token's gradient, e.g. 1 / supervised tokens of the optimizer step
   * @param uniform source of dropout masks, uniform in [0, 1)
   */
  async accumulate(batch: Batch, scale: number, uniform: () => number): Promise<HeadResult> {
    const pass = await this.forward(batch, uniform);
    const { loss, correct, balance } = await this.finish(pass, { scale, units: pass.supervised.rows.length });
    return { loss: loss + balance, correct };
  }

  /** Loss of a micro-batch without gradients or dropout. */
  async evaluate(batch: Batch): Promise<HeadResult> {
    const { hidden, release } = await this.look(batch, asTuned(this.model));
    const result = await this.head.loss(hidden, supervisedRows(batch));
    release();
    return result;
  }

  /**
   * What the model says of a micro-batch's supervised tokens, without gradients or dropout.
   * @param version of the model; as it is tuned when absent
   */
  async tokenValues<Q extends TokenQuantity>(
    batch: Batch,
    wanted: readonly Q[],
    version: Version = asTuned(this.model),
  ): Promise<TokenValues<Q>> {
    const { hidden, release } = await this.look(batch, version);
    const values = await this.head.measure(hidden, supervisedRows(batch), wanted, version);
    release();
    return values;
  }

  /** What is read off a micro-batch without gradients or dropout. @param teacher whom a divergence is taken from */
  async readValues(batch: Batch, name: ReadingName, teacher?: TeacherLogits): Promise<Float32Array> {
    const { hidden, release } = await this.look(batch, asTuned(this.model));
    const places = placesOf(this.model, batch, name);
    const values = await this.readings.measure(name, { hidden, places, teacher });
    release();
    return values;
  }

  /** Logits at rows of a micro-batch, asked for as often as they are needed until they are released. */
  async teach(batch: Batch): Promise<{ readonly logits: TeacherLogits; readonly release: () => void }> {
    const { hidden, release } = await this.look(batch, asTuned(this.model));
    return { logits: (rows) => this.head.logits(hidden, rows), release };
  }

  /** Memory this engine holds beside the model's weights and gradients, in bytes. */
  memory(): MemoryEntry[] {
    return [
      { what: 'activations', bytes: this.buffers.allocatedBytes },
      { what: 'weights being read', bytes: this.weights.bytes },
      { what: 'scratch file, on disk', bytes: this.options.scratch?.bytes ?? 0 },
    ];
  }

  /** Lets go of all that was compiled; the model stays as it is. */
  async release(): Promise<void> {
    await this.executables.release();
  }

  private get routerWeight(): number {
    return this.options.router_aux_loss_coef ?? 0;
  }

  /**
   * The head's loss by the weights of the supervised tokens, and everything back from there.
   * @param at factor on all gradients, and how many times the load-balancing loss counts
   * @param alsoBack adds to the gradient of the hidden states what comes from elsewhere than the head
   */
  private async finish(
    { batch, supervised, walked, hidden }: Pass,
    { scale, units }: { readonly scale: number; readonly units: number },
    alsoBack?: (hidden: Float32Array, dHidden: Float32Array) => Promise<void>,
  ): Promise<HeadResult & { balance: number }> {
    const gradient = this.buffers.take(hidden);
    const dHidden = gradient.data as Float32Array;
    dHidden.fill(0);
    const result = await this.head.lossAndGradient(hidden.data as Float32Array, supervised, {
      scale,
      dHidden,
      onGradient: (parameter, values) => this.sink.add(parameter, values),
    });
    await alsoBack?.(hidden.data as Float32Array, dHidden);
    this.buffers.give([hidden]);
    const cotangents: PortValues = new Map([['hidden', gradient]]);
    const balance = this.balance(walked.ports, batch, { scale, units }, cotangents);
    await this.walk.backward(walked, cotangents, this.sink);
    return { ...result, balance };
  }

  /** Hidden states of a micro-batch without a way back. */
  private async look(plain: Batch, version: Version): Promise<{ hidden: Float32Array; release: () => void }> {
    const batch = await seen(plain, this.model);
    const given = this.inputs.of(batch);
    const { precision } = this.options;
    const key = `${this.inputs.shapeKey(batch)}${versionKey(version)}`;
    const stages = await this.evalPlans.get(key, (compiler) =>
      planEvaluation(this.model.stages(batch), given, compiler, { precision, version }),
    );
    const ports = await this.walk.evaluate(stages, given);
    return {
      hidden: ports.get('hidden')!.data as Float32Array,
      release: () => this.buffers.give(ports.values()),
    };
  }

  /**
   * The load-balancing loss, and what it sends back into each router.
   * @param cotangents receives those gradients
   */
  private balance(
    ports: PortValues,
    batch: Batch,
    { scale, units }: { readonly scale: number; readonly units: number },
    cotangents: PortValues,
  ): number {
    const layers = this.model.blocks.flatMap((_, i) => (ports.has(routerPort(i, 'chosen')) ? i : []));
    if (layers.length === 0) return 0;
    const values = (layer: number, which: keyof LayerRouting): Float32Array =>
      ports.get(routerPort(layer, which))!.data as Float32Array;
    const routings = layers.map((i) => ({
      probabilities: values(i, 'probabilities'),
      chosen: values(i, 'chosen'),
    }));
    const tokens = realTokens(batch).reduce((sum, one) => sum + one, 0);
    const { loss, gradient } = routerLoss(routings, tokens);
    const weight = this.routerWeight * units;
    for (const layer of layers) {
      const port = routerPort(layer, 'probabilities');
      const cotangent = this.buffers.take(ports.get(port)!);
      (cotangent.data as Float32Array).set(gradient.map((value) => value * weight * scale));
      cotangents.set(port, cotangent);
    }
    return weight * loss;
  }
}

const NOTHING_SUPERVISED: SupervisedRows = {
  rows: new Int32Array(),
  labels: new Int32Array(),
  weights: new Float32Array(),
};

/** The value of a port, which is no longer there. */
function taken(ports: PortValues, port: string): HostTensor {
  const value = ports.get(port)!;
  ports.delete(port);
  return value;
}

/** @param values [N, width], the gradient of the rows of `sum` that `ids` [N] picked */
function addRows(sum: Float32Array, ids: Int32Array, values: Float32Array): void {
  const width = values.length / ids.length;
  ids.forEach((id, row) => {
    for (let i = 0; i < width; i++) sum[id * width + i] += values[row * width + i];
  });
}

/** Whoever offloads, recomputes or quantizes to 4 bits is short of memory. */
function savesMemory(model: CausalLM, { residuals, scratch }: TrainEngineOptions): boolean {
  const formats = [...model.namedParameters()].map(([, { format }]) => format);
  const isNarrow = formats.some((one) => isCodes(one) && bitsOf(one) === 4);
  return residuals !== 'save' || scratch !== undefined || isNarrow;
}

function ordinaryGradients(model: CausalLM): Map<Parameter, Float32Array> {
  const trained = [...model.parameters()].filter(([, { trainable }]) => trainable);
  return new Map(trained.map(([, parameter]) => [parameter, new Float32Array(parameter.size)]));
}
