/**
 * Arithmetic of products with frozen weights: `int8` multiplies int8 weights by activations rounded to 8 bits, forward
 * and backward; everything else stays float32.
 */
export const COMPUTE_PRECISIONS = ['fp32', 'int8'] as const;
export type ComputePrecision = (typeof COMPUTE_PRECISIONS)[number];
