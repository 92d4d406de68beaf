import { vjp } from './autodiff.js';
import { makeGraph, topologicalOrder, type Graph } from './graph.js';
import { input, inputOp, type Tensor } from './tensor.js';
import { substitute } from './substitute.js';

/**
 * What a forward pass keeps for backward.
 * `save`: outputs of ops marked dear (matrix products, attention); the rest is recomputed from them.
 * `recompute`: nothing but the segment's own inputs (gradient checkpointing).
 * `offload`: as `save`; the engine parks it all on disk until backward.
 */
export type ResidualPolicy = 'save' | 'recompute' | 'offload';

/** A function split into a forward and a backward executable. */
export interface Partition {
  /** inputs -> [...outputs, ...residuals] */
  readonly forward: Graph;
  /** [...cotangents of outputs, ...residuals, ...inputs it reads] -> cotangents of `wrt` */
  readonly backward: Graph;
  readonly residuals: readonly Tensor[];
  /** For each trailing input of `backward`, its position among the inputs of `forward`. */
  readonly backwardInputs: readonly number[];
}

/**
 * Differentiates `outputs` with respect to `wrt` (a subset of `inputs`) and cuts the joint graph in two.
 * Backward starts from cotangents and walks into the forward graph only as far as a saved tensor or an input.
 */
export function partition(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  policy: ResidualPolicy,
): Partition {
  const cotangents = outputs.map((output) => input(output.shape, output.dtype));
  const gradients = vjp(outputs, cotangents, wrt);
  const forwardNodes = new Set(topologicalOrder(outputs));

  const residuals = new Set<Tensor>();
  const read = new Set<Tensor>();
  const seen = new Set<Tensor>();
  const visit = (start: readonly Tensor[]): void => {
    const pending = [...start];
    for (let tensor = pending.pop(); tensor; tensor = pending.pop()) {
      if (seen.has(tensor)) continue;
      seen.add(tensor);
      if (tensor.node.op === inputOp) read.add(tensor);
      else if (policy !== 'recompute' && tensor.node.op.residual === 'save' && forwardNodes.has(tensor.node))
        residuals.add(tensor);
      else pending.push(...tensor.node.inputs);
    }
  };
  visit(gradients);

  const saved = [...residuals];
  const backwardInputs = inputs.map((_, i) => i).filter((i) => read.has(inputs[i]));
  const stand = new Map(saved.map((tensor) => [tensor, input(tensor.shape, tensor.dtype)]));
  return {
    forward: makeGraph(inputs, [...outputs, ...saved]),
    backward: makeGraph(
      [...cotangents, ...stand.values(), ...backwardInputs.map((i) => inputs[i])],
      substitute(gradients, stand),
    ),
    residuals: saved,
    backwardInputs,
  };
}
