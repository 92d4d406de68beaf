import { formatSpec, lower, UnsupportedOp, type Graph, type Node } from 'swift-ts/graph';
import { SwiftError } from 'swift-ts/plugin';

/**
 * Says a graph in the ops a backend has.
 * @throws SwiftError UNSUPPORTED_OP naming the op, the backend and a backend that may do
 */
export function lowerFor(backend: string, graph: Graph, supports: (node: Node) => boolean): Graph {
  try {
    return lower(graph, supports);
  } catch (error) {
    if (!(error instanceof UnsupportedOp)) throw error;
    const { op, inputs } = error.node;
    throw unsupported(backend, `has no op '${op.name}' for ${inputs.map(formatSpec).join(' and ')}`, error);
  }
}

/** A graph that a backend cannot run. */
export function unsupported(backend: string, what: string, cause: unknown): SwiftError {
  const others = ['onnxruntime', 'reference'].filter((id) => id !== backend);
  return new SwiftError('UNSUPPORTED_OP', `backend ${backend} ${what}`, {
    cure: `Try another backend: ${others.map((id) => `--backend ${id}`).join(' or ')}.`,
    exitCode: 1,
    cause,
  });
}
