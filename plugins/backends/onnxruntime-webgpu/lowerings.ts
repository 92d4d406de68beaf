/** What WebGPU kernels of ONNX Runtime have, where that is not what its CPU kernels have. */
import { stridesOf, type Attrs, type DType, type Node, type Shape } from 'swift-ts/graph';
import type { Emitter } from '../_onnx/emitter.js';
import { lowerings as onCpu } from '../_onnx/lowerings.js';
import { operands, results, type Lowering } from '../_onnx/lowering.js';
import { ONNX_TYPES, type OnnxNode } from '../_onnx/model-proto.js';

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

interface ConstantAttrs {
  readonly values: readonly number[];
  readonly dtype: DType;
  readonly shape: Shape;
}

/** No node of its own: there is none for every dtype. */
function constant(emitter: Emitter, node: Node, { values, dtype, shape }: ConstantAttrs): void {
  emitter.alias(node.outputs[0], emitter.constant(values, dtype, shape));
}

/** The kernel counts in int64, which no kernel casts back: the int32 number is looked up. */
function topK(emitter: Emitter, node: Node, { k, largest }: { k: number; largest: boolean }): void {
  const [values, indices] = results(emitter, node);
  const wide = emitter.freshName();
  emitter.emit({
    type: 'TopK',
    inputs: [...operands(emitter, node), emitter.constant([k], 'int64')],
    outputs: [values, wide],
    attributes: { axis: -1, largest: largest ? 1 : 0, sorted: 1 },
  });
  const numbers = Array.from({ length: node.inputs[0].shape.at(-1)! }, (_, i) => i);
  emitter.emit({ type: 'Gather', inputs: [emitter.constant(numbers, 'int32'), wide], outputs: [indices] });
}

/** Slicing is for floats; others are picked. */
function slice(emitter: Emitter, node: Node, attrs: { axis: number; start: number; end: number }): void {
  const { axis, start, end } = attrs;
  if (node.inputs[0].dtype === 'float32') {
    onCpu.get('slice')!(emitter, node, attrs as never);
    return;
  }
  const picks = Array.from({ length: end - start }, (_, i) => start + i);
  emitter.emit({
    type: 'Gather',
    inputs: [...operands(emitter, node), emitter.constant(picks, 'int32')],
    outputs: results(emitter, node),
    attributes: { axis },
  });
}

/** Negation is for floats. */
function neg(emitter: Emitter, node: Node): void {
  const { dtype } = node.inputs[0];
  if (dtype === 'float32') {
    onCpu.get('neg')!(emitter, node, {} as never);
    return;
  }
  const inputs = [emitter.constant([0], dtype, []), ...operands(emitter, node)];
  emitter.emit({ type: 'Sub', inputs, outputs: results(emitter, node) });
}

/** Bytes are picked: casts around a transposition do not help, ONNX Runtime moves it past them. */
function transpose(emitter: Emitter, node: Node, { perm }: { perm: readonly number[] }): void {
  const { dtype, shape } = node.inputs[0];
  if (dtype === 'float32' || dtype === 'int32') {
    onCpu.get('transpose')!(emitter, node, { perm } as never);
    return;
  }
  const strides = stridesOf(shape);
  const picks = perm.reduce<number[]>(
    (starts, axis) =>
      starts.flatMap((start) => Array.from({ length: shape[axis] }, (_, i) => start + i * strides[axis])),
    [0],
  );
  const flat = emitter.value('Reshape', [...operands(emitter, node), emitter.constant([-1], 'int64')]);
  const picked = emitter.value('Gather', [flat, emitter.constant(picks, 'int32')]);
  const inputs = [picked, emitter.constant(node.outputs[0].shape, 'int64')];
  emitter.emit({ type: 'Reshape', inputs, outputs: results(emitter, node) });
}

/**
 * An op whose kernel does not take bytes: they are carried as int32.
 * @param lists further operands, int64
 */
function widened(
  type: string,
  attributes: (attrs: Attrs) => OnnxNode['attributes'],
  lists: (attrs: Attrs) => readonly Shape[] = () => [],
): Lowering {
  return (emitter, node, attrs) => {
    const { dtype } = node.inputs[0];
    const wide = dtype === 'bool' || dtype === 'uint8';
    const carry = (name: string): string =>
      wide ? emitter.value('Cast', [name], { to: ONNX_TYPES.int32 }) : name;
    const back = wide && node.outputs[0].dtype === dtype;
    const outputs = back ? [emitter.freshName()] : results(emitter, node);
    const own = operands(emitter, node).map(carry);
    const inputs = [...own, ...lists(attrs).map((list) => emitter.constant(list, 'int64'))];
    emitter.emit({ type, inputs, outputs, attributes: attributes(attrs) });
    if (back)
      emitter.emit({
        type: 'Cast',
        inputs: outputs,
        outputs: results(emitter, node),
        attributes: { to: ONNX_TYPES[dtype] },
      });
  };
}

export const lowerings: ReadonlyMap<string, Lowering> = new Map<string, Lowering>([
  ...onCpu,
  ['constant', constant],
  ['matmul', matmul],
  ['topK', topK],
  ['slice', slice],
  ['transpose', transpose],
  ['neg', neg],
  ['concat', widened('Concat', ({ axis }) => ({ axis: axis as number }))],
  [
    'expand',
    widened(
      'Expand',
      () => undefined,
      ({ shape }) => [shape as Shape],
    ),
  ],
  ['equal', widened('Equal', () => undefined)],
]);

/** What CPU kernels have and WebGPU kernels have not, or not so that the results are right. */
const LACKING: ReadonlySet<string> = new Set([
  // Its second output is not the inverse root mean square.
  'rmsNorm',
  // Its caches are not written.
  'cachedAttention',
  // ONNX Runtime moves transpositions past it, to int64 indices, which no kernel transposes.
  'argmax',
  // Control flow runs on the CPU.
  'groupedMatmul',
  'groupedOuter',
  'int8Matmul',
  'quantizedMatmul',
  'dequantize',
]);

/** Dtypes that the kernels of an op take, where that is not all of them. */
const DTYPES: Readonly<Record<string, readonly DType[]>> = {
  topK: ['float32'],
  takeAlong: ['float32'],
  pad: ['float32', 'int32'],
  gatherNd: ['float32', 'int32'],
};

const ALL: readonly DType[] = ['float32', 'int32', 'bool', 'uint8'];

/** Whether a node is said directly; others are decomposed. */
export function isNative({ op, inputs, attrs }: Node): boolean {
  if (LACKING.has(op.name) || !lowerings.has(op.name)) return false;
  // The kernel mistakes the groups.
  if (op.name === 'convTranspose' && attrs.groups !== 1) return false;
  return inputs.every(({ dtype }, i) => (i === 0 ? (DTYPES[op.name] ?? ALL) : ALL).includes(dtype));
}
