import type { TensorSpec } from '../graph/index.js';
import type { ComputePrecision, Stage } from '../nn/index.js';
import type { ResidualPolicy } from '../graph/index.js';
import type { GivenPorts } from './batch-inputs.js';
import type { Compiler } from './executables.js';
import {
  compileForward,
  compileTraining,
  type ForwardSegment,
  type SegmentFunction,
  type TrainSegment,
} from './segment.js';
import type { Version } from './version.js';

/** A stage compiled for batches of one shape. */
export interface PlannedStage<Segment extends ForwardSegment | TrainSegment> {
  readonly segment: Segment;
  /** Ports of its data inputs, and of its own outputs, in order. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Of each port read: whether a stage wrote the value and no other one reads it. */
  readonly owns: readonly boolean[];
}

export interface TrainStage extends PlannedStage<TrainSegment> {
  /** Ports whose gradients backward returns first. */
  readonly differentiated: readonly string[];
}

export type EvalStage = PlannedStage<ForwardSegment>;

/** Compiles stages for evaluation. */
export async function planEvaluation(
  stages: readonly Stage[],
  given: GivenPorts,
  compiler: Compiler,
  options: { readonly precision?: ComputePrecision; readonly version: Version },
): Promise<EvalStage[]> {
  const written = new Map<string, TensorSpec>();
  const planned: Omit<EvalStage, 'owns'>[] = [];
  for (const stage of stages) {
    const traced = tracing(stage);
    const specs = stage.reads.map((port) => written.get(port) ?? given(port));
    const segment = await compileForward(traced.body, specs, compiler, options);
    traced.writes.forEach((port, i) => written.set(port, segment.outputs[i]));
    planned.push({ segment, reads: stage.reads, writes: traced.writes });
  }
  return withOwners(planned);
}

/** Compiles stages for training. Those below the first trained parameter have no backward. */
export async function planTraining(
  stages: readonly Stage[],
  given: GivenPorts,
  compiler: Compiler,
  {
    residuals,
    precision,
    version,
  }: { readonly residuals: ResidualPolicy; readonly precision: ComputePrecision; readonly version: Version },
): Promise<TrainStage[]> {
  const written = new Map<string, TensorSpec>();
  /** Ports whose values depend on what trains. */
  const flowing = new Set<string>();
  const planned: Omit<TrainStage, 'owns'>[] = [];
  for (const stage of stages) {
    const traced = tracing(stage);
    const { reads } = stage;
    const specs = reads.map((port) => written.get(port) ?? given(port));
    const differentiate = reads.flatMap((port, i) => (flowing.has(port) ? i : []));
    const segment = await compileTraining(traced.body, specs, compiler, {
      differentiate,
      residuals: stage.cheap ? 'recompute' : residuals,
      precision,
      version,
    });
    for (const [i, port] of traced.writes.entries()) {
      written.set(port, segment.outputs[i]);
      if (segment.backward) flowing.add(port);
      else flowing.delete(port);
    }
    const differentiated = differentiate.map((i) => reads[i]);
    planned.push({ segment, reads, writes: traced.writes, differentiated });
  }
  return withOwners(planned);
}

/** A stage as a function of tensors in a row; the ports it writes are known once it was traced. */
function tracing(stage: Stage): { body: SegmentFunction; writes: string[] } {
  const writes: string[] = [];
  const body: SegmentFunction = (scope, tensors) => {
    const ports = Object.fromEntries(stage.reads.map((port, i) => [port, tensors[i]]));
    const outputs = Object.entries(stage.forward(scope, ports));
    writes.push(...outputs.map(([port]) => port));
    return outputs.map(([, tensor]) => tensor);
  };
  return { body, writes };
}

function withOwners<T extends { readonly reads: readonly string[]; readonly writes: readonly string[] }>(
  stages: readonly T[],
): (T & { readonly owns: readonly boolean[] })[] {
  const writers = new Map<string, number>();
  const readers = new Map<string, number>();
  const values = stages.map(({ reads, writes }, i) => {
    const read = reads.map((port) => (writers.has(port) ? `${port} of ${writers.get(port)}` : undefined));
    for (const value of read) if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
    for (const port of writes) writers.set(port, i);
    return read;
  });
  return stages.map((stage, i) => ({
    ...stage,
    owns: values[i].map((value) => value !== undefined && readers.get(value) === 1),
  }));
}
