/** What WebGPU kernels of ONNX Runtime have, where that is not what its CPU kernels have. */
import type { Node } from 'swift-ts/graph';
import type { Emitter } from '../_onnx/emitter.js';
import { lowerings as onCpu } from '../_onnx/lowerings.js';
import { operands, results, type Lowering } from '../_onnx/lowering.js';

interface MatmulAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly alpha: number;
}

/** Gemm knows transposition, of matrices; batches are transposed first. */
function matmul(emitter: Emitter, node: Node, { transA, transB, alpha }: MatmulAttrs): void {
  const outputs = results(emitter, node);
  const rank = node.outputs[0].shape.length;
  const [a, b] = operands(emitter, node);
  if (rank === 2) {
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha } };
    emitter.emit({ type: 'Gemm', inputs: [a, b], outputs, attributes });
    return;
  }
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
  const turned = (name: string, turn: boolean): string =>
    turn ? emitter.value('Transpose', [name], { perm }) : name;
  const inputs = [turned(a, transA), turned(b, transB)];
  if (alpha === 1) {
    emitter.emit({ type: 'MatMul', inputs, outputs });
    return;
  }
  const product = emitter.value('MatMul', inputs);
  emitter.emit({ type: 'Mul', inputs: [product, emitter.constant([alpha], 'float32', [])], outputs });
}

export const lowerings: ReadonlyMap<string, Lowering> = new Map<string, Lowering>([
  ...onCpu,
  ['matmul', matmul],
]);

export function isNative({ op }: Node): boolean {
  return lowerings.has(op.name);
}
