import type { Executable } from '../contracts/backend.js';
import {
  input,
  makeGraph,
  partition,
  type ResidualPolicy,
  type Tensor,
  type TensorSpec,
} from '../graph/index.js';
import type { Parameter } from '../nn/index.js';
import type { Executables } from './executables.js';
import { TraceScope, type MaskRequest } from './trace.js';

/** A part of the model as a pure function of data; parameters are asked of the scope. */
export type SegmentFunction = (scope: TraceScope, inputs: readonly Tensor[]) => readonly Tensor[];

/** A segment compiled for inference: [...data, ...parameters] -> outputs. */
export interface ForwardSegment {
  readonly run: Executable;
  readonly parameters: readonly Parameter[];
  readonly outputs: readonly TensorSpec[];
}

export async function compileForward(
  body: SegmentFunction,
  specs: readonly TensorSpec[],
  executables: Executables,
): Promise<ForwardSegment> {
  const scope = new TraceScope(false);
  const data = specs.map(({ shape, dtype }) => input(shape, dtype));
  const outputs = body(scope, data);
  const run = await executables.get(makeGraph([...data, ...scope.inputs], outputs));
  return { run, parameters: scope.parameters, outputs };
}

/** A segment compiled for training. Forward inputs are [...data, ...masks, ...parameters]. */
export interface TrainSegment {
  readonly forward: Executable;
  /** Absent when nothing before or inside the segment trains. */
  readonly backward?: Executable;
  readonly parameters: readonly Parameter[];
  readonly masks: readonly MaskRequest[];
  /** Specs of forward outputs: the segment's own, then residuals. */
  readonly outputs: readonly TensorSpec[];
  readonly ownOutputs: number;
  /** Positions of the forward inputs that backward reads after cotangents and residuals. */
  readonly backwardInputs: readonly number[];
  /** Parameters whose gradients backward returns, after the data gradients. */
  readonly trained: readonly Parameter[];
  /** Specs of backward outputs: gradient of data input 0 when asked for, then of `trained`. */
  readonly gradients: readonly TensorSpec[];
}

export interface TrainSegmentOptions {
  /** Whether backward returns the gradient of data input 0. */
  readonly differentiateInput: boolean;
  readonly residuals: ResidualPolicy;
}

export async function compileTraining(
  body: SegmentFunction,
  specs: readonly TensorSpec[],
  executables: Executables,
  { differentiateInput, residuals }: TrainSegmentOptions,
): Promise<TrainSegment> {
  const scope = new TraceScope(true);
  const data = specs.map(({ shape, dtype }) => input(shape, dtype));
  const outputs = body(scope, data);
  const inputs = [...data, ...scope.inputs];
  const trained = scope.parameters.filter((parameter) => parameter.trainable);
  const wrt = [
    ...(differentiateInput ? [data[0]] : []),
    ...trained.map((parameter) => scope.param(parameter)),
  ];
  const shared = {
    parameters: scope.parameters,
    masks: scope.maskRequests,
    ownOutputs: outputs.length,
    trained,
  };
  if (wrt.length === 0) {
    const forward = await executables.get(makeGraph(inputs, outputs));
    return { ...shared, forward, outputs, backwardInputs: [], gradients: [] };
  }
  const parts = partition(inputs, outputs, wrt, residuals);
  return {
    ...shared,
    forward: await executables.get(parts.forward),
    backward: await executables.get(parts.backward),
    outputs: parts.forward.outputs,
    backwardInputs: parts.backwardInputs,
    gradients: wrt,
  };
}
