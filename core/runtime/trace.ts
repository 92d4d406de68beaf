import { input, type Shape, type Tensor } from '../graph/index.js';
import type { Parameter, Scope } from '../nn/index.js';

/** A dropout mask a segment asked for. */
export interface MaskRequest {
  readonly shape: Shape;
  readonly p: number;
}

/** Records which parameters and masks a segment reads while it is traced, in order of first use. */
export class TraceScope implements Scope {
  private readonly tensors = new Map<Parameter, Tensor>();
  private readonly masks: { request: MaskRequest; tensor: Tensor }[] = [];

  constructor(readonly training: boolean) {}

  param(parameter: Parameter): Tensor {
    let tensor = this.tensors.get(parameter);
    if (!tensor) this.tensors.set(parameter, (tensor = input(parameter.shape)));
    return tensor;
  }

  dropoutMask(shape: Shape, p: number): Tensor {
    const tensor = input(shape, 'uint8');
    this.masks.push({ request: { shape, p }, tensor });
    return tensor;
  }

  get parameters(): readonly Parameter[] {
    return [...this.tensors.keys()];
  }

  get maskRequests(): readonly MaskRequest[] {
    return this.masks.map(({ request }) => request);
  }

  /** The graph inputs this segment needs beside its data: masks, then parameters. */
  get inputs(): readonly Tensor[] {
    return [...this.masks.map(({ tensor }) => tensor), ...this.tensors.values()];
  }
}
