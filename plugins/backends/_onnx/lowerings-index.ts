/** Picking, ordering and padding in ONNX. */
import type { Attrs } from 'swift-ts/graph';
import { operands, results, type Lowering } from './lowering.js';
import { ONNX_TYPES } from './model-proto.js';

export const indexLowerings: readonly (readonly [string, Lowering])[] = [
  [
    'topK',
    (emitter, node, { k, largest }: { k: number; largest: boolean }) => {
      const [values, indices] = results(emitter, node);
      const wide = emitter.freshName();
      emitter.emit({
        type: 'TopK',
        inputs: [...operands(emitter, node), emitter.constant([k], 'int64')],
        outputs: [values, wide],
        attributes: { axis: -1, largest: largest ? 1 : 0, sorted: 1 },
      });
      emitter.emit({
        type: 'Cast',
        inputs: [wide],
        outputs: [indices],
        attributes: { to: ONNX_TYPES.int32 },
      });
    },
  ],
  [
    'argmax',
    (emitter, node, { axis }: { axis: number }) => {
      const wide = emitter.value('ArgMax', operands(emitter, node), { axis, keepdims: 1 });
      emitter.emit({
        type: 'Cast',
        inputs: [wide],
        outputs: results(emitter, node),
        attributes: { to: ONNX_TYPES.int32 },
      });
    },
  ],
  [
    'cumsum',
    (emitter, node, { axis, reverse }: { axis: number; reverse: boolean }) =>
      emitter.emit({
        type: 'CumSum',
        inputs: [...operands(emitter, node), emitter.constant([axis], 'int64', [])],
        outputs: results(emitter, node),
        attributes: { reverse: reverse ? 1 : 0 },
      }),
  ],
  [
    'takeAlong',
    (emitter, node) =>
      emitter.emit({
        type: 'GatherElements',
        inputs: operands(emitter, node),
        outputs: results(emitter, node),
        attributes: { axis: -1 },
      }),
  ],
  [
    'gatherNd',
    (emitter, node) => {
      const [x, indices] = operands(emitter, node);
      const wide = emitter.value('Cast', [indices], { to: ONNX_TYPES.int64 });
      emitter.emit({ type: 'GatherND', inputs: [x, wide], outputs: results(emitter, node) });
    },
  ],
  [
    'pad',
    (emitter, node, { before, after, value }: Attrs & PadAttrs) =>
      emitter.emit({
        type: 'Pad',
        inputs: [
          ...operands(emitter, node),
          emitter.constant([...before, ...after], 'int64'),
          emitter.constant([value], node.outputs[0].dtype, []),
        ],
        outputs: results(emitter, node),
      }),
  ],
];

interface PadAttrs {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}
