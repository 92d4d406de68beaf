import type { Shape, Tensor } from '../graph/index.js';
import type { Parameter } from './parameter.js';

/** What a module's `forward` may ask for while it is traced. */
export interface Scope {
  /** The symbolic tensor that stands for a parameter in this segment. */
  param(parameter: Parameter): Tensor;
  /** A uint8 mask of ones and zeros with drop probability `p`, drawn anew for each training step. */
  dropoutMask(shape: Shape, p: number): Tensor;
  /** False while generating or evaluating: dropout is off. */
  readonly training: boolean;
}
