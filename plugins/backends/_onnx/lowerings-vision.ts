/** Convolutions, pools, resizing and layer normalization in ONNX. */
import type { Attrs, Node, Shape } from 'swift-ts/graph';
import type { Emitter } from './emitter.js';
import { attributed, direct, operands, results, type Lowering } from './lowering.js';
import type { OnnxAttribute } from './model-proto.js';

interface WindowAttrs {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

const strides = ({ stride, padding, dilation }: WindowAttrs): Record<string, OnnxAttribute> => ({
  strides: stride,
  pads: [...padding, ...padding],
  dilations: dilation,
});

const window = (attrs: Attrs): Record<string, OnnxAttribute> => ({
  ...strides(attrs as Attrs & WindowAttrs),
  kernel_shape: attrs.kernel as readonly number[],
});

const RESIZE: Readonly<Record<string, Record<string, OnnxAttribute>>> = {
  nearest: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  bilinear: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  bicubic: { mode: 'cubic', coordinate_transformation_mode: 'half_pixel', cubic_coeff_a: { float: -0.75 } },
};

export const visionLowerings: readonly (readonly [string, Lowering])[] = [
  [
    'convolution',
    attributed('Conv', (attrs) => ({
      ...strides(attrs as Attrs & WindowAttrs),
      group: attrs.groups as number,
    })),
  ],
  [
    'convTranspose',
    attributed('ConvTranspose', (attrs) => ({
      ...strides(attrs as Attrs & WindowAttrs),
      group: attrs.groups as number,
      output_padding: attrs.outputPadding as readonly number[],
    })),
  ],
  ['convolutionWeight', convolutionWeight],
  ['maxPool', attributed('MaxPool', window)],
  ['avgPool', attributed('AveragePool', (attrs) => ({ ...window(attrs), count_include_pad: 1 }))],
  [
    'interpolate',
    (emitter, node, { mode }: { mode: string }) =>
      emitter.emit({
        type: 'Resize',
        inputs: [...operands(emitter, node), '', '', emitter.constant(node.outputs[0].shape, 'int64')],
        outputs: results(emitter, node),
        attributes: RESIZE[mode],
      }),
  ],
  [
    'layerNorm',
    (emitter, node, { eps }: { eps: number }) =>
      direct('LayerNormalization', { axis: -1, epsilon: { float: eps }, stash_type: 1 })(
        emitter,
        node,
        {} as never,
      ),
  ],
];

/**
 * A convolution with other roles: of x with its batch as channels, by dy with its batch as channels; what was the
 * stride is now the distance of taps, and the other way round.
 */
function convolutionWeight(emitter: Emitter, node: Node, attrs: WindowAttrs & { groups: number }): void {
  const { stride, padding, dilation, groups } = attrs;
  const [batch, , ...spatial] = node.inputs[0].shape;
  const [, perGroup, ...kernel] = node.outputs[0].shape;
  const [x, dy] = operands(emitter, node);
  const list = (values: Shape): string => emitter.constant(values, 'int64');
  const axes = kernel.map((_, i) => i);

  const split = emitter.value('Reshape', [x, list([batch, groups, perGroup, ...spatial])]);
  const turned = emitter.value('Transpose', [split], { perm: [2, 1, 0, ...axes.map((i) => i + 3)] });
  const image = emitter.value('Reshape', [turned, list([perGroup, groups * batch, ...spatial])]);
  const swap = [1, 0, ...axes.map((i) => i + 2)];
  const filter = emitter.value('Transpose', [dy], { perm: swap });
  const wide = emitter.value('Conv', [image, filter], {
    strides: dilation,
    dilations: stride,
    pads: [...padding, ...padding],
    group: groups,
  });
  // A stride that leaves a rest makes it see places where the kernel has no tap.
  const inside = emitter.value('Slice', [
    wide,
    list(axes.map(() => 0)),
    list(kernel),
    list(axes.map((i) => i + 2)),
  ]);
  emitter.emit({
    type: 'Transpose',
    inputs: [inside],
    outputs: results(emitter, node),
    attributes: { perm: swap },
  });
}
