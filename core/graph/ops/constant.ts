import { apply1, defineOp, sizeOf, type DType, type Shape, type Tensor } from '../tensor.js';

/** A small constant, its elements in the attributes. Large ones are graph inputs or `full`. */
export const constantOp = defineOp<{ shape: Shape; dtype: DType; values: readonly number[] }>({
  name: 'constant',
  infer: (_, { shape, dtype }) => [{ shape, dtype }],
});

export function constant(values: readonly number[], shape: Shape, dtype: DType = 'float32'): Tensor {
  if (values.length !== sizeOf(shape))
    throw new Error(`constant: ${values.length} values for shape [${shape}]`);
  return apply1(constantOp, [], { shape, dtype, values });
}

export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  return constant([value], [], dtype);
}

/** 0, 1, …, n - 1. */
export function iota(n: number): Tensor {
  return constant(
    Array.from({ length: n }, (_, i) => i),
    [n],
    'int32',
  );
}
