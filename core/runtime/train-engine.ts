import type { Backend, HostTensor } from '../contracts/backend.js';
import type { Scratch } from '../contracts/scratch.js';
import type { ResidualPolicy, TensorSpec } from '../graph/index.js';
import { accumulate } from '../kernels/index.js';
import type { CausalLM, ComputePrecision, Parameter } from '../nn/index.js';
import { Activations, type Parked } from './activations.js';
import { supervisedRows, type MicroBatch } from './batch.js';
import { BatchInputs, realTokens } from './batch-inputs.js';
import { BufferPool } from './buffers.js';
import { drawMask } from './dropout-masks.js';
import { Executables, type Compiler } from './executables.js';
import { hostParts } from './host-parts.js';
import { LossHead, type HeadResult } from './head.js';
import type { MemoryEntry } from './memory-report.js';
import { Plans } from './plans.js';
import { routerLoss, type LayerRouting } from './router-loss.js';
import {
  compileForward,
  compileTraining,
  type ForwardSegment,
  type SegmentFunction,
  type TrainSegment,
  type TrainSegmentOptions,
} from './segment.js';
import { WeightStream } from './weight-stream.js';

export interface TrainEngineOptions {
  /** What forward keeps for backward; `recompute` is gradient checkpointing. */
  readonly residuals: ResidualPolicy;
  /** Arithmetic of products with frozen int8 weights; float32 when absent. */
  readonly precision?: ComputePrecision;
  /** Weight of the loss that keeps experts equally busy; none when absent or 0. */
  readonly router_aux_loss_coef?: number;
  /** Where offloaded activations and weights lie; needed when anything is offloaded. */
  readonly scratch?: Scratch;
  /** Where gradients add up, zeros at first, for each trainable parameter; memory of its own when absent. */
  readonly gradients?: ReadonlyMap<Parameter, Float32Array>;
}

/** Segments of a model compiled for one batch shape. */
interface TrainPlan {
  readonly embed: TrainSegment;
  readonly blocks: readonly TrainSegment[];
}

interface EvalPlan {
  readonly embed: ForwardSegment;
  readonly blocks: readonly ForwardSegment[];
}

/** A block's forward pass, kept until its backward. */
interface Tape {
  readonly masks: readonly HostTensor[];
  /** The block's input, then its residuals. */
  readonly parked: Parked;
}

/**
 * Computes losses and gradients of a causal language model, segment by segment: embedding, blocks, head, and back.
 * Gradients add up in `gradients` until `zeroGradients`.
 */
export class TrainEngine {
  readonly executables: Executables;
  readonly gradients: ReadonlyMap<Parameter, Float32Array>;
  private readonly buffers = new BufferPool();
  private readonly weights: WeightStream;
  private readonly activations: Activations;
  private readonly head: LossHead;
  private readonly inputs: BatchInputs;
  private readonly trainPlans: Plans<TrainPlan>;
  private readonly evalPlans: Plans<EvalPlan>;

  constructor(
    backend: Backend,
    model: CausalLM,
    private readonly options: TrainEngineOptions,
  ) {
    this.executables = new Executables(backend, savesMemory(model, options));
    this.trainPlans = new Plans(this.executables);
    this.evalPlans = new Plans(this.executables);
    this.head = new LossHead(model, this.executables);
    this.inputs = new BatchInputs(model);
    this.weights = new WeightStream(options.scratch);
    this.activations = new Activations(
      this.buffers,
      options.residuals === 'offload' ? options.scratch : undefined,
    );
    this.gradients = options.gradients ?? ordinaryGradients(model);
  }

  zeroGradients(): void {
    for (const gradient of this.gradients.values()) gradient.fill(0);
  }

  /**
   * Forward and backward of one micro-batch.
   * @param scale factor on every token's gradient, e.g. 1 / supervised tokens of the optimizer step
   * @param uniform source of dropout masks, uniform in [0, 1)
   */
  async accumulate(batch: MicroBatch, scale: number, uniform: () => number): Promise<HeadResult> {
    const plan = await this.trainPlan(batch);
    const contexts = this.inputs.sideInputs(batch);
    let hidden = await this.embedForward(plan.embed, batch);
    const tapes: Tape[] = [];
    const routings: LayerRouting[] = [];
    for (const [i, block] of plan.blocks.entries()) {
      const masks = block.masks.map((request) => drawMask(request, uniform, this.buffers));
      const weights = await this.weights.take(block.parameters, plan.blocks[i + 1]?.parameters);
      const outputs = block.outputs.map((spec) => this.buffers.take(spec));
      await block.forward.run([hidden, ...contexts[i], ...masks, ...weights], outputs);
      this.weights.give(block.parameters, weights);
      const parked = await this.activations.park([hidden, ...outputs.slice(block.ownOutputs)]);
      tapes.push({ masks, parked });
      const routing = outputs.slice(1, block.ownOutputs);
      if (routing.length > 0) routings.push(copyRouting(routing));
      this.buffers.give(routing);
      hidden = outputs[0];
    }

    let gradient = this.buffers.take(hidden);
    const supervised = supervisedRows(batch);
    const result = await this.head.run(hidden.data as Float32Array, supervised, {
      scale,
      dHidden: gradient.data as Float32Array,
      onGradient: (parameter, values) => this.addGradient(parameter, values),
    });
    this.buffers.give([hidden]);
    const balance = this.balance(routings, batch, supervised.rows.length);
    result.loss += balance.loss;

    for (let i = plan.blocks.length - 1; i >= 0; i--) {
      const block = plan.blocks[i];
      const { masks, parked } = tapes[i];
      const held = await this.activations.fetch(parked, tapes[i - 1]?.parked);
      const weights = await this.weights.take(block.parameters, plan.blocks[i - 1]?.parameters);
      const [input, ...residuals] = held;
      const cotangents = [gradient, ...(block.ownOutputs > 1 ? balance.cotangents(scale) : [])];
      const inputs = [input, ...contexts[i], ...masks, ...weights];
      gradient = await this.backward(block, inputs, residuals, cotangents);
      this.weights.give(block.parameters, weights);
      this.buffers.give([...held, ...masks]);
    }
    if (plan.embed.backward) {
      const inputs = [...this.inputs.embedInputs(batch), ...hostParts(plan.embed.parameters)];
      gradient = await this.backward(plan.embed, inputs, [], [gradient]);
    }
    this.buffers.give([gradient]);
    return result;
  }

  /** Loss of a micro-batch without gradients or dropout. */
  async evaluate(batch: MicroBatch): Promise<HeadResult> {
    const plan = await this.evalPlan(batch);
    const contexts = this.inputs.sideInputs(batch);
    const run = async (
      segment: ForwardSegment,
      data: readonly HostTensor[],
      next?: readonly Parameter[],
    ): Promise<HostTensor> => {
      const [output] = segment.outputs.map((spec) => this.buffers.take(spec));
      const weights = await this.weights.take(segment.parameters, next);
      await segment.run.run([...data, ...weights], [output]);
      this.weights.give(segment.parameters, weights);
      return output;
    };
    let hidden = await run(plan.embed, this.inputs.embedInputs(batch));
    for (const [i, block] of plan.blocks.entries()) {
      const next = await run(block, [hidden, ...contexts[i]], plan.blocks[i + 1]?.parameters);
      this.buffers.give([hidden]);
      hidden = next;
    }
    const result = await this.head.run(hidden.data as Float32Array, supervisedRows(batch));
    this.buffers.give([hidden]);
    return result;
  }

  /** Memory this engine holds beside the model's weights and gradients, in bytes. */
  memory(): MemoryEntry[] {
    return [
      { what: 'activations', bytes: this.buffers.allocatedBytes },
      { what: 'weights being read', bytes: this.weights.bytes },
      { what: 'scratch file, on disk', bytes: this.options.scratch?.bytes ?? 0 },
    ];
  }

  async release(): Promise<void> {
    await this.executables.release();
  }

  private async embedForward(embed: TrainSegment, batch: MicroBatch): Promise<HostTensor> {
    const output = this.buffers.take(embed.outputs[0]);
    await embed.forward.run([...this.inputs.embedInputs(batch), ...hostParts(embed.parameters)], [output]);
    return output;
  }

  /** Runs a segment's backward, adds its parameter gradients, and returns the gradient of its input. */
  private async backward(
    segment: TrainSegment,
    inputs: readonly HostTensor[],
    residuals: readonly HostTensor[],
    [cotangent, ...others]: readonly HostTensor[],
  ): Promise<HostTensor> {
    if (!segment.backward) return cotangent;
    const outputs = segment.gradients.map((spec) => this.buffers.take(spec));
    const read = segment.backwardInputs.map((i) => inputs[i]);
    await segment.backward.run([cotangent, ...others, ...residuals, ...read], outputs);
    const own = outputs.slice(outputs.length - segment.trained.length);
    segment.trained.forEach(({ parameter, ids }, i) => {
      const values = own[i].data as Float32Array;
      if (ids === undefined) this.addGradient(parameter, values);
      else this.addRowGradients(parameter, inputs[ids].data as Int32Array, values);
    });
    this.buffers.give(own);
    if (outputs.length === own.length) return cotangent;
    this.buffers.give([cotangent]);
    return outputs[0];
  }

  /** The load-balancing loss, weighed like the supervised tokens beside it, and what it sends back into each router. */
  private balance(
    routings: readonly LayerRouting[],
    batch: MicroBatch,
    supervised: number,
  ): { loss: number; cotangents: (scale: number) => HostTensor[] } {
    if (routings.length === 0) return { loss: 0, cotangents: () => [] };
    const tokens = realTokens(batch).reduce((sum, one) => sum + one, 0);
    const { loss, gradient } = routerLoss(routings, tokens);
    const weight = this.options.router_aux_loss_coef! * supervised;
    const vector = (data: Float32Array): HostTensor => ({ dtype: 'float32', shape: [data.length], data });
    return {
      loss: weight * loss,
      cotangents: (scale) => [
        vector(gradient.map((value) => value * weight * scale)),
        vector(new Float32Array(gradient.length)),
      ],
    };
  }

  private addGradient(parameter: Parameter, values: Float32Array): void {
    accumulate(this.gradients.get(parameter)!, values);
  }

  /** @param values [N, width], the gradient of the rows that `ids` [N] picked */
  private addRowGradients(table: Parameter, ids: Int32Array, values: Float32Array): void {
    const sum = this.gradients.get(table)!;
    const width = values.length / ids.length;
    ids.forEach((id, row) => {
      for (let i = 0; i < width; i++) sum[id * width + i] += values[row * width + i];
    });
  }

  private trainPlan(batch: MicroBatch): Promise<TrainPlan> {
    return this.trainPlans.get(this.inputs.shapeKey(batch), (compiler) => this.compileTrain(batch, compiler));
  }

  private evalPlan(batch: MicroBatch): Promise<EvalPlan> {
    return this.evalPlans.get(this.inputs.shapeKey(batch), (compiler) => this.compileEval(batch, compiler));
  }

  private async compileTrain(batch: MicroBatch, compiler: Compiler): Promise<TrainPlan> {
    const { residuals, precision = 'fp32' } = this.options;
    const compile = (
      body: SegmentFunction,
      specs: readonly TensorSpec[],
      own: Pick<TrainSegmentOptions, 'differentiateInput' | 'residuals'>,
    ) => compileTraining(body, specs, compiler, { ...own, precision });
    // The embedding keeps no residuals: the little it computes, such as a norm, is computed again.
    const embed = await compile(this.inputs.embedBody(batch), this.inputs.embedInputs(batch), {
      differentiateInput: false,
      residuals: 'recompute',
    });
    const blocks: TrainSegment[] = [];
    // Below the first trained parameter nothing needs a gradient.
    let flowing = embed.trained.length > 0;
    const specs = this.inputs.blockSpecs(batch);
    const withRouters = (this.options.router_aux_loss_coef ?? 0) > 0;
    for (const [i, body] of this.inputs.blockBodies(withRouters).entries()) {
      const block = await compile(body, specs[i], { differentiateInput: flowing, residuals });
      flowing ||= block.trained.length > 0;
      blocks.push(block);
    }
    return { embed, blocks };
  }

  private async compileEval(batch: MicroBatch, compiler: Compiler): Promise<EvalPlan> {
    const compile = (body: SegmentFunction, specs: readonly TensorSpec[]) =>
      compileForward(body, specs, compiler, { precision: this.options.precision });
    const embed = await compile(this.inputs.embedBody(batch), this.inputs.embedInputs(batch));
    const blocks: ForwardSegment[] = [];
    const specs = this.inputs.blockSpecs(batch);
    for (const [i, body] of this.inputs.blockBodies().entries()) blocks.push(await compile(body, specs[i]));
    return { embed, blocks };
  }
}

function copyRouting([probabilities, chosen]: readonly HostTensor[]): LayerRouting {
  return {
    probabilities: probabilities.data.slice() as Float32Array,
    chosen: chosen.data.slice() as Float32Array,
  };
}

/** Whoever offloads, recomputes or quantizes to 4 bits is short of memory. */
function savesMemory(model: CausalLM, { residuals, scratch }: TrainEngineOptions): boolean {
  const formats = [...model.namedParameters()].map(([, { format }]) => format);
  return (
    residuals !== 'save' || scratch !== undefined || formats.some((one) => one === 'int4' || one === 'nf4')
  );
}

function ordinaryGradients(model: CausalLM): Map<Parameter, Float32Array> {
  const trained = [...model.namedParameters()].filter(([, { trainable }]) => trainable);
  return new Map(trained.map(([, parameter]) => [parameter, new Float32Array(parameter.size)]));
}
