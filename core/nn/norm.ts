import { add, full, layerNorm, reshape, rmsNorm, scalar, type Tensor } from '../graph/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** Normalizes the last axis. */
export abstract class Norm extends Module {
  /** x [..., width] -> [..., width] */
  abstract forward(scope: Scope, x: Tensor): Tensor;
}

/** Root-mean-square norm with a learned weight. */
export class RmsNorm extends Norm {
  readonly weight: Parameter;

  /** @param offset added to the stored weight: 1 where a family stores w − 1 (Gemma) */
  constructor(
    width: number,
    readonly eps: number,
    readonly offset = 0,
  ) {
    super();
    this.weight = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const weight = scope.param(this.weight);
    return rmsNorm(x, this.offset ? add(weight, scalar(this.offset)) : weight, this.eps);
  }
}

/** Layer norm; checkpoints of some families hold no bias, of OLMo neither bias nor weight. */
export class LayerNorm extends Norm {
  readonly weight?: Parameter;
  readonly bias?: Parameter;

  constructor(
    width: number,
    readonly eps: number,
    { weight = true, bias = true }: { readonly weight?: boolean; readonly bias?: boolean } = {},
  ) {
    super();
    if (weight) this.weight = new Parameter([width]);
    if (bias) this.bias = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return layerNorm(x, { weight: weight && scope.param(weight), bias: bias && scope.param(bias) }, eps);
  }
}

/** Root-mean-square norm without a weight, over the last `width` features: all of them, or each head's own. */
export class PlainRmsNorm extends Norm {
  constructor(
    private readonly width: number,
    readonly eps: number,
  ) {
    super();
  }

  override forward(_scope: Scope, x: Tensor): Tensor {
    return reshape(rmsNorm(splitHeads(x, this.width), full([this.width], 1), this.eps), x.shape);
  }
}

/** A norm over each head's own features, one weight for all heads: x [..., heads·hd]. */
export class HeadRmsNorm extends RmsNorm {
  override forward(scope: Scope, x: Tensor): Tensor {
    return reshape(super.forward(scope, splitHeads(x, this.weight.size)), x.shape);
  }
}

/** The layer norm of `HeadRmsNorm`. */
export class HeadLayerNorm extends LayerNorm {
  constructor(
    private readonly width: number,
    eps: number,
    parts?: { readonly weight?: boolean; readonly bias?: boolean },
  ) {
    super(width, eps, parts);
  }

  override forward(scope: Scope, x: Tensor): Tensor {
    return reshape(super.forward(scope, splitHeads(x, this.width)), x.shape);
  }
}

function splitHeads(x: Tensor, width: number): Tensor {
  return reshape(x, [...x.shape.slice(0, -1), x.shape.at(-1)! / width, width]);
}

/**
 * Kinds of norm: root mean square, the same with the weight stored as w − 1, layer norm with weight and bias, with
 * a weight only, and with neither.
 */
export type NormKind = 'rms' | 'rms-offset' | 'layer' | 'layer-no-bias' | 'layer-plain';

export function createNorm(kind: NormKind, width: number, eps: number): Norm {
  switch (kind) {
    case 'rms':
      return new RmsNorm(width, eps);
    case 'rms-offset':
      return new RmsNorm(width, eps, 1);
    case 'layer':
      return new LayerNorm(width, eps);
    case 'layer-no-bias':
      return new LayerNorm(width, eps, { bias: false });
    case 'layer-plain':
      return new LayerNorm(width, eps, { weight: false, bias: false });
  }
}
