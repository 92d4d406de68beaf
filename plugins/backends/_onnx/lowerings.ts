/** How each op is said in ONNX and ONNX Runtime's own operators. Ops not listed are decomposed. */
import {
  sizeOf,
  type CachedAttentionAttrs,
  type DType,
  type Node,
  type Shape,
  type Tensor,
  type WeightLayout,
} from 'swift-ts/graph';
import type { Emitter } from './emitter.js';
import { attributed, direct, operands, reduction, results, withLists, type Lowering } from './lowering.js';
import { expertLowerings } from './lowerings-experts.js';
import { indexLowerings } from './lowerings-index.js';
import { visionLowerings } from './lowerings-vision.js';
import { hasQuantizedKernel, weightLowerings } from './lowerings-weights.js';
import { ONNX_TYPES } from './model-proto.js';

interface MatmulAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly alpha: number;
}

interface SliceAttrs {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

const product = ({ transA, transB, alpha }: MatmulAttrs): Record<string, number | { float: number }> => ({
  transA: transA ? 1 : 0,
  transB: transB ? 1 : 0,
  alpha: { float: alpha },
});

export const lowerings: ReadonlyMap<string, Lowering> = new Map<string, Lowering>([
  ...weightLowerings,
  ['add', direct('Add')],
  ['sub', direct('Sub')],
  ['mul', direct('Mul')],
  ['div', direct('Div')],
  ['neg', direct('Neg')],
  ['exp', direct('Exp')],
  ['sin', direct('Sin')],
  ['cos', direct('Cos')],
  ['log', direct('Log')],
  ['sqrt', direct('Sqrt')],
  ['sigmoid', direct('Sigmoid')],
  ['tanh', direct('Tanh')],
  ['erf', direct('Erf')],
  ['equal', direct('Equal')],
  ['greaterEqual', direct('GreaterOrEqual')],
  ['where', direct('Where')],
  ['gather', direct('Gather')],
  ['softmax', direct('Softmax', { axis: -1 })],
  ['silu', direct('QuickGelu', { alpha: { float: 1 } }, 'com.microsoft')],
  ['quickGelu', direct('QuickGelu', { alpha: { float: 1.702 } }, 'com.microsoft')],
  ['relu', direct('Relu')],
  ['gelu', attributed('Gelu', ({ approximate }) => ({ approximate: approximate as string }))],
  ['reduceSum', reduction('ReduceSum')],
  ['reduceMax', reduction('ReduceMax')],
  ['reduceMean', reduction('ReduceMean')],
  ['reshape', withLists('Reshape', ({ shape }) => [shape as Shape])],
  ['expand', withLists('Expand', ({ shape }) => [shape as Shape])],
  [
    'slice',
    (emitter, node, attrs: SliceAttrs) => {
      const [x] = node.inputs;
      const { axis, start, end } = attrs;
      const isRun = sizeOf(x.shape.slice(0, axis)) === 1;
      if (isRun && emitter.view(node.outputs[0], x, start * sizeOf(x.shape.slice(axis + 1)))) return;
      withLists('Slice', () => [[start], [end], [axis]])(emitter, node, attrs as never);
    },
  ],
  [
    'constant',
    (emitter, node, { values, dtype, shape }: { values: readonly number[]; dtype: DType; shape: Shape }) =>
      emitter.alias(node.outputs[0], emitter.constant(values, dtype, shape)),
  ],
  [
    'transpose',
    (emitter, node, { perm }: { perm: readonly number[] }) =>
      direct('Transpose', { perm })(emitter, node, {} as never),
  ],
  [
    'concat',
    (emitter, node, { axis }: { axis: number }) => direct('Concat', { axis })(emitter, node, {} as never),
  ],
  [
    'cast',
    (emitter, node, { dtype }: { dtype: DType }) =>
      direct('Cast', { to: ONNX_TYPES[dtype] })(emitter, node, {} as never),
  ],
  [
    'matmul',
    (emitter, node, attrs: MatmulAttrs) =>
      direct('FusedMatMul', product(attrs), 'com.microsoft')(emitter, node, {} as never),
  ],
  [
    'addmm',
    (emitter, node, attrs: MatmulAttrs) => {
      const [c, a, b] = operands(emitter, node);
      emitter.emit({
        type: 'Gemm',
        inputs: [a, b, c],
        outputs: results(emitter, node),
        attributes: product(attrs),
      });
    },
  ],
  [
    'scatterAdd',
    (emitter, node, { rows }: { rows: number }) => {
      const shape = emitter.constant([rows, ...node.inputs[1].shape.slice(1)], 'int64');
      const table = emitter.value('Expand', [emitter.constant([0], node.outputs[0].dtype, []), shape]);
      addRows(emitter, table, operands(emitter, node), results(emitter, node));
    },
  ],
  [
    'indexAdd',
    (emitter, node) => {
      const [table, ...rows] = operands(emitter, node);
      addRows(emitter, table, rows, results(emitter, node));
    },
  ],
  [
    'rmsNorm',
    (emitter, node, { eps }: { eps: number }) =>
      direct('SimplifiedLayerNormalization', { axis: -1, epsilon: { float: eps }, stash_type: 1 })(
        emitter,
        node,
        {} as never,
      ),
  ],
  [
    'rope',
    (emitter, node, { heads, interleaved }: { heads: number; interleaved: boolean }) => {
      const [x, cos, sin, positions] = operands(emitter, node);
      const wide = emitter.value('Cast', [positions], { to: ONNX_TYPES.int64 });
      emitter.emit({
        type: 'RotaryEmbedding',
        domain: 'com.microsoft',
        inputs: [x, wide, cos, sin],
        outputs: results(emitter, node),
        attributes: {
          num_heads: heads,
          rotary_embedding_dim: node.inputs[1].shape[1] * 2,
          interleaved: interleaved ? 1 : 0,
        },
      });
    },
  ],
  [
    'cachedAttention',
    (emitter, node, attrs: CachedAttentionAttrs) => {
      const [batch, length] = node.inputs[0].shape;
      const inputs = operands(emitter, node);
      const outputs = results(emitter, node);
      if (batch === 1 || length === 1) {
        groupQueryAttention(emitter, inputs, outputs, length, attrs);
        return;
      }
      // The kernel takes several tokens behind a filled cache for one row only.
      const rows = Array.from({ length: batch }, (_, row) => {
        const [start, end, axis] = [row, row + 1, 0].map((value) => emitter.constant([value], 'int64'));
        const own = inputs.map((name) => emitter.value('Slice', [name, start, end, axis]));
        const parts = outputs.map(() => emitter.freshName());
        groupQueryAttention(emitter, own, parts, length, attrs);
        return parts;
      });
      outputs.forEach((name, i) =>
        emitter.emit({
          type: 'Concat',
          inputs: rows.map((parts) => parts[i]),
          outputs: [name],
          attributes: { axis: 0 },
        }),
      );
    },
  ],
  ...indexLowerings,
  ...visionLowerings,
  ...expertLowerings,
]);

/** Adds rows of `updates` to a table at `indices`. */
function addRows(
  emitter: Emitter,
  table: string,
  [indices, updates]: readonly string[],
  outputs: readonly string[],
): void {
  const column = emitter.value('Reshape', [indices, emitter.constant([-1, 1], 'int64')]);
  const wide = emitter.value('Cast', [column], { to: ONNX_TYPES.int64 });
  emitter.emit({
    type: 'ScatterND',
    inputs: [table, wide, updates],
    outputs,
    attributes: { reduction: 'add' },
  });
}

function groupQueryAttention(
  emitter: Emitter,
  inputs: readonly string[],
  outputs: readonly string[],
  length: number,
  { heads, kvHeads, scale, window, softcap }: CachedAttentionAttrs,
): void {
  const [q, k, v, cachedK, cachedV, past] = inputs;
  const last = emitter.value('Add', [past, emitter.constant([length - 1], 'int32')]);
  const longest = emitter.value('ReduceMax', [past], { keepdims: 0 });
  const total = emitter.value('Add', [longest, emitter.constant([length], 'int32', [])]);
  emitter.emit({
    type: 'GroupQueryAttention',
    domain: 'com.microsoft',
    inputs: [q, k, v, cachedK, cachedV, last, total],
    outputs,
    attributes: {
      num_heads: heads,
      kv_num_heads: kvHeads,
      scale: { float: scale },
      ...(window ? { local_window_size: window } : {}),
      ...(softcap ? { softcap: { float: softcap } } : {}),
    },
  });
}

/** GroupQueryAttention wants keys as wide as values, in multiples of 8, and knows no bias by head. */
function hasCacheKernel(
  [, , , { shape: keys }, { shape: values }, , sinks]: readonly Tensor[],
  { alibi, sparse }: CachedAttentionAttrs,
): boolean {
  return keys[3] % 8 === 0 && keys[3] === values[3] && !alibi && !sparse && !sinks;
}

/** Whether a node is said directly; others are decomposed. */
export function isNative({ op, inputs, attrs }: Node, isConstant: boolean): boolean {
  if (op.name === 'cachedAttention') return hasCacheKernel(inputs, attrs as never);
  if (op.name === 'quantizedMatmul') return hasQuantizedKernel(attrs as never as WeightLayout, isConstant);
  return lowerings.has(op.name);
}
