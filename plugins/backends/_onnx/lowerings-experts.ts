/** Matrix products by group, on run-time slices: the work is that of the rows, not of rows times groups. */
import type { Node } from 'swift-ts/graph';
import type { Emitter } from './emitter.js';
import { operands, results, type Lowering } from './lowering.js';
import { ONNX_TYPES } from './model-proto.js';

export const expertLowerings: readonly (readonly [string, Lowering])[] = [
  ['groupedMatmul', groupedMatmul],
  ['groupedOuter', groupedOuter],
];

/** Groups without rows are passed over, so that a few tokens do not read the matrices of all experts. */
function groupedMatmul(emitter: Emitter, node: Node, { transposed }: { transposed: boolean }): void {
  const [x, sizes, ...weights] = operands(emitter, node);
  const { shape } = node.outputs[0];
  const present = presence(emitter, sizes, weights.length);
  const parts = splitRows(emitter, x, sizes, weights.length).map((rows, group) =>
    emitter.choose(
      present[group],
      () => emitter.value('Gemm', [rows, weights[group]], { transB: transposed ? 0 : 1 }),
      () => emitter.value('Identity', [emitter.constant([], 'float32', [0, shape[1]])]),
    ),
  );
  const joined = emitter.value('Concat', parts, { axis: 0 });
  // Says the static shape again, which the run-time slices lost.
  emitter.emit({
    type: 'Reshape',
    inputs: [joined, emitter.constant(shape, 'int64')],
    outputs: results(emitter, node),
  });
}

function groupedOuter(emitter: Emitter, node: Node): void {
  const [a, b, sizes] = operands(emitter, node);
  const outputs = results(emitter, node);
  const present = presence(emitter, sizes, outputs.length);
  const others = splitRows(emitter, b, sizes, outputs.length);
  const shape = emitter.constant(node.outputs[0].shape, 'int64');
  splitRows(emitter, a, sizes, outputs.length).forEach((rows, group) => {
    const sum = emitter.choose(
      present[group],
      () => emitter.value('Gemm', [rows, others[group]], { transA: 1 }),
      () => emitter.value('Expand', [emitter.constant([0], 'float32', []), shape]),
    );
    // Says the static shape again, which the branch lost.
    emitter.emit({ type: 'Reshape', inputs: [sum, shape], outputs: [outputs[group]] });
  });
}

/** Cuts [N, D] into the rows of each group. */
function splitRows(emitter: Emitter, rows: string, sizes: string, groups: number): string[] {
  const wide = emitter.value('Cast', [sizes], { to: ONNX_TYPES.int64 });
  return emitter.values('Split', groups, [rows, wide], { axis: 0 });
}

/** Per group, whether it has rows: bool [1]. */
function presence(emitter: Emitter, sizes: string, groups: number): string[] {
  const some = emitter.value('Greater', [sizes, emitter.constant([0], 'int32', [])]);
  return emitter.values('Split', groups, [
    some,
    emitter.constant(new Array<number>(groups).fill(1), 'int64'),
  ]);
}
