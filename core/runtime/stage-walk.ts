import type { HostTensor } from '../contracts/backend.js';
import type { TensorSpec } from '../graph/index.js';
import { accumulate } from '../kernels/index.js';
import type { Parameter } from '../nn/index.js';
import type { Activations, Parked } from './activations.js';
import type { GivenPorts } from './batch-inputs.js';
import type { BufferPool } from './buffers.js';
import { drawMask } from './dropout-masks.js';
import type { EvalStage, TrainStage } from './stage-plan.js';
import type { WeightStream } from './weight-stream.js';

/** What each port holds. */
export type PortValues = Map<string, HostTensor>;

/** What a stage's forward keeps until its backward. */
interface Tape {
  /** What it read, but for the values that it alone reads. */
  readonly data: readonly (HostTensor | undefined)[];
  readonly masks: readonly HostTensor[];
  /** The values that it alone reads, then its residuals. */
  readonly parked: Parked;
}

/** A forward pass that its backward pass may follow, once. */
export interface Walked {
  readonly stages: readonly TrainStage[];
  /** What each port held last. */
  readonly ports: PortValues;
  /** Absent for stages without a backward. */
  readonly tapes: readonly (Tape | undefined)[];
  /** Values that several stages read. */
  readonly shared: ReadonlySet<HostTensor>;
}

/** Where gradients of parameters go. */
export interface GradientSink {
  add(parameter: Parameter, values: Float32Array): void;
  /** @param values [N, width], the gradient of the rows that `ids` [N] picked */
  addRows(table: Parameter, ids: Int32Array, values: Float32Array): void;
}

/** Runs stages one after the other, and back. */
export class StageWalk {
  constructor(
    private readonly buffers: BufferPool,
    private readonly weights: WeightStream,
    private readonly activations: Activations,
  ) {}

  /** Forward without a way back. Returns what each port held last; the caller gives that memory back. */
  async evaluate(stages: readonly EvalStage[], given: GivenPorts): Promise<PortValues> {
    const ports: PortValues = new Map();
    const shared = new Set<HostTensor>();
    for (const [i, stage] of stages.entries()) {
      const { segment, reads, owns } = stage;
      const data = reads.map((port) => ports.get(port) ?? given(port));
      const outputs = segment.outputs.map((spec) => this.buffers.take(spec));
      const weights = await this.weights.take(segment.parameters, stages[i + 1]?.segment.parameters);
      await segment.run.run([...data, ...weights], outputs);
      this.weights.give(segment.parameters, weights);
      this.buffers.give(data.filter((_, at) => owns[at]));
      advance(ports, shared, stage, outputs);
    }
    const last = new Set(ports.values());
    this.buffers.give([...shared].filter((tensor) => !last.has(tensor)));
    return ports;
  }

  /**
   * @param uniform source of dropout masks, uniform in [0, 1)
   * @param onStage may change what a stage wrote before another one reads it
   */
  async forward(
    stages: readonly TrainStage[],
    given: GivenPorts,
    uniform: () => number,
    onStage?: (stage: number, ports: PortValues) => void,
  ): Promise<Walked> {
    const ports: PortValues = new Map();
    const shared = new Set<HostTensor>();
    const tapes: (Tape | undefined)[] = [];
    for (const [i, stage] of stages.entries()) {
      const { segment, reads, owns } = stage;
      const data = reads.map((port) => ports.get(port) ?? given(port));
      const masks = segment.masks.map((request) => drawMask(request, uniform, this.buffers));
      const weights = await this.weights.take(segment.parameters, stages[i + 1]?.segment.parameters);
      const outputs = segment.outputs.map((spec) => this.buffers.take(spec));
      await segment.forward.run([...data, ...masks, ...weights], outputs);
      this.weights.give(segment.parameters, weights);
      const own = data.filter((_, at) => owns[at]);
      if (segment.backward) {
        const parked = await this.activations.park([...own, ...outputs.slice(segment.ownOutputs)]);
        tapes.push({ data: data.map((tensor, at) => (owns[at] ? undefined : tensor)), masks, parked });
      } else {
        this.buffers.give([...own, ...masks]);
        tapes.push(undefined);
      }
      advance(ports, shared, stage, outputs);
      onStage?.(i, ports);
    }
    return { stages, ports, tapes, shared };
  }

  /**
   * The way back, after which the memory of the pass is given back.
   * @param cotangents gradients of what ports held last, taken over; zeros where absent
   */
  async backward(
    { stages, ports, tapes, shared }: Walked,
    cotangents: PortValues,
    sink: GradientSink,
  ): Promise<void> {
    for (let i = stages.length - 1; i >= 0; i--) {
      const { segment, writes, differentiated } = stages[i];
      const tape = tapes[i];
      if (!segment.backward || !tape) continue;
      const ofWrites = writes.map((port, at) => this.take(cotangents, port, segment.outputs[at]));
      const held = await this.activations.fetch(tape.parked, tapes[i - 1]?.parked);
      const weights = await this.weights.take(segment.parameters, stages[i - 1]?.segment.parameters);
      const values = held.values();
      const data = tape.data.map((tensor) => tensor ?? values.next().value!);
      const inputs = [...data, ...tape.masks, ...weights];
      const read = segment.backwardInputs.map((input) => inputs[input]);
      const gradients = segment.gradients.map((spec) => this.buffers.take(spec));
      await segment.backward.run([...ofWrites, ...values, ...read], gradients);
      this.weights.give(segment.parameters, weights);
      const ofParameters = gradients.slice(differentiated.length);
      segment.trained.forEach(({ parameter, ids }, k) => {
        const gradient = ofParameters[k].data as Float32Array;
        if (ids === undefined) sink.add(parameter, gradient);
        else sink.addRows(parameter, inputs[ids].data as Int32Array, gradient);
      });
      differentiated.forEach((port, k) => this.addTo(cotangents, port, gradients[k]));
      this.buffers.give([...ofParameters, ...ofWrites, ...held, ...tape.masks]);
    }
    this.buffers.give(new Set([...shared, ...ports.values(), ...cotangents.values()]));
  }

  /** The gradient of a port, which the stage before may fill anew. */
  private take(cotangents: PortValues, port: string, spec: TensorSpec): HostTensor {
    const found = cotangents.get(port);
    cotangents.delete(port);
    if (found) return found;
    const zeros = this.buffers.take(spec);
    zeros.data.fill(0);
    return zeros;
  }

  private addTo(cotangents: PortValues, port: string, gradient: HostTensor): void {
    const sum = cotangents.get(port);
    if (!sum) return void cotangents.set(port, gradient);
    accumulate(sum.data as Float32Array, gradient.data as Float32Array);
    this.buffers.give([gradient]);
  }
}

/** Puts a stage's outputs into their ports. What only this stage read is no port's any more. */
function advance(
  ports: PortValues,
  shared: Set<HostTensor>,
  { reads, owns, writes }: Pick<EvalStage, 'reads' | 'owns' | 'writes'>,
  outputs: readonly HostTensor[],
): void {
  reads.forEach((port, at) => {
    const value = ports.get(port);
    if (owns[at]) ports.delete(port);
    else if (value) shared.add(value);
  });
  writes.forEach((port, at) => ports.set(port, outputs[at]));
}
