import type { Executable, HostTensor } from '../contracts/backend.js';
import {
  input,
  isCodes,
  makeGraph,
  partition,
  type ResidualPolicy,
  type Tensor,
  type TensorSpec,
  type WeightFormat,
} from '../graph/index.js';
import type { ComputePrecision, FilePlace, Parameter } from '../nn/index.js';
import type { Compiler } from './executables.js';
import { TraceScope, type MaskRequest } from './trace.js';
import type { Version } from './version.js';

/** A part of the model as a pure function of data; parameters are asked of the scope. */
export type SegmentFunction = (scope: TraceScope, inputs: readonly Tensor[]) => readonly Tensor[];

/** A segment compiled for inference: [...data, ...parameters] -> outputs. */
export interface ForwardSegment {
  readonly run: Executable;
  readonly parameters: readonly Parameter[];
  readonly outputs: readonly TensorSpec[];
}

export interface ForwardOptions {
  readonly version: Version;
  readonly precision?: ComputePrecision;
  /** Build integer weights into the graph, where the backend packs them for its kernels. */
  readonly packed?: boolean;
  /** Let the backend map weights that were left in files. */
  readonly mapped?: boolean;
}

/**
 * Traces a function of data tensors and compiles it, with the parameters that it read as further inputs.
 * @param specs shapes and dtypes of the data
 */
export async function compileForward(
  body: SegmentFunction,
  specs: readonly TensorSpec[],
  compiler: Compiler,
  { version, precision = 'fp32', packed = false, mapped = false }: ForwardOptions,
): Promise<ForwardSegment> {
  const scope = new TraceScope(false, precision, version);
  const data = specs.map(({ shape, dtype }) => input(shape, dtype));
  const outputs = body(scope, data);
  const graph = makeGraph([...data, ...scope.inputs], outputs);
  const built = scope.parameters.filter(({ format, file }) => (file ? mapped : packed && isInteger(format)));
  if (built.length === 0) return { run: await compiler.get(graph), parameters: scope.parameters, outputs };
  const constants = new Map<Tensor, HostTensor>();
  const places = new Map<Tensor, FilePlace>();
  for (const parameter of built) {
    scope.parts(parameter).forEach((part, i) => {
      if (parameter.file) places.set(part, parameter.file);
      else constants.set(part, parameter.weight.parts[i]);
    });
  }
  const run = await compiler.get(graph, { constants, mapped: places });
  return { run, parameters: scope.parameters.filter((parameter) => !built.includes(parameter)), outputs };
}

function isInteger(format: WeightFormat): boolean {
  return isCodes(format) && format.table === undefined;
}

/** A parameter with a gradient: whole, or the rows of a table that data input `ids` picked. */
export interface TrainedPart {
  readonly parameter: Parameter;
  readonly ids?: number;
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
  /** Whose gradients backward returns, after the data gradients. */
  readonly trained: readonly TrainedPart[];
  /** Specs of backward outputs: gradients of the data inputs that were asked for, then of `trained`. */
  readonly gradients: readonly TensorSpec[];
}

export interface TrainSegmentOptions {
  /** Positions of the data inputs whose gradients backward returns. */
  readonly differentiate: readonly number[];
  readonly residuals: ResidualPolicy;
  readonly precision: ComputePrecision;
  readonly version: Version;
}

/**
 * Traces a function, differentiates it by some of its data and by the parameters that train, and compiles it in two halves: forward
 * also returns what backward needs, backward recomputes what the policy did not keep.
 * @param specs shapes and dtypes of the data
 */
export async function compileTraining(
  body: SegmentFunction,
  specs: readonly TensorSpec[],
  compiler: Compiler,
  { differentiate, residuals, precision, version }: TrainSegmentOptions,
): Promise<TrainSegment> {
  const scope = new TraceScope(true, precision, version);
  const data = specs.map(({ shape, dtype }) => input(shape, dtype));
  const outputs = body(scope, data);
  const inputs = [...data, ...scope.inputs];
  const parts = trainedParts(scope, data);
  const trained = parts.map(({ part }) => part);
  const wrt = [...differentiate.map((i) => data[i]), ...parts.map(({ tensor }) => tensor)];
  const shared = {
    parameters: scope.parameters,
    masks: scope.maskRequests,
    ownOutputs: outputs.length,
    trained,
  };
  if (wrt.length === 0) {
    const forward = await compiler.get(makeGraph(inputs, outputs));
    return { ...shared, forward, outputs, backwardInputs: [], gradients: [] };
  }
  const cut = partition(inputs, outputs, wrt, residuals);
  return {
    ...shared,
    forward: await compiler.get(cut.forward),
    backward: await compiler.get(cut.backward),
    outputs: cut.forward.outputs,
    backwardInputs: cut.backwardInputs,
    gradients: wrt,
  };
}

/** The tensors to differentiate by. A table read only by rows gets the gradient of those rows. */
function trainedParts(
  scope: TraceScope,
  data: readonly Tensor[],
): { readonly part: TrainedPart; readonly tensor: Tensor }[] {
  return scope.parameters
    .filter(({ trainable }) => trainable)
    .flatMap((parameter) => {
      const reads = scope.rowReadsOf(parameter);
      if (reads === undefined) return [{ part: { parameter }, tensor: scope.param(parameter) }];
      return reads.map(({ ids, rows }) => ({ part: { parameter, ids: data.indexOf(ids) }, tensor: rows }));
    });
}
