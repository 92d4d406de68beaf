import { addmm, mul, type Tensor } from 'swift-ts/graph';
import {
  EmbeddingAdapter,
  Parameter,
  type AdapterPart,
  type Embedding,
  type EmbeddingCall,
  type Scope,
} from 'swift-ts/nn';
import type { Random } from 'swift-ts/plugin';
import type { LoraShape } from './lora-adapter.js';

/** scaling · B·A[:, ids] beside a frozen table; as in PEFT without dropout, and A is what begins as zeros. */
export class LoraEmbedding extends EmbeddingAdapter {
  /** A, transposed [count, rank]: rows are picked. PEFT's file has [rank, count]. */
  readonly lora_embedding_A: Parameter;
  /** [width, rank] */
  readonly lora_embedding_B: Parameter;

  constructor(
    { count, width }: Embedding,
    readonly lora: Pick<LoraShape, 'rank' | 'scaling'>,
  ) {
    super();
    this.lora_embedding_A = new Parameter([count, lora.rank]);
    this.lora_embedding_B = new Parameter([width, lora.rank]);
  }

  override *parts(): Generator<AdapterPart> {
    yield { name: 'lora_embedding_A', parameter: this.lora_embedding_A, transposed: true };
    yield { name: 'lora_embedding_B', parameter: this.lora_embedding_B };
  }

  initialize(random: Random): void {
    this.lora_embedding_A.data = new Float32Array(this.lora_embedding_A.size);
    const b = new Float32Array(this.lora_embedding_B.size);
    for (let i = 0; i < b.length; i++) b[i] = random.normal();
    this.lora_embedding_B.data = b;
  }

  adapt(scope: Scope, y: Tensor, { ids, weight }: EmbeddingCall): Tensor {
    const picked = scope.rows(this.lora_embedding_A, ids);
    const up = scope.param(this.lora_embedding_B);
    return typeof weight === 'number'
      ? addmm(y, picked, up, { transB: true, alpha: this.lora.scaling * weight })
      : addmm(y, mul(picked, weight), up, { transB: true, alpha: this.lora.scaling });
  }

  merge(into: Float32Array, { layer, weight }: { readonly layer: Embedding; readonly weight: number }): void {
    const { count, width } = layer;
    const [a, b] = [this.lora_embedding_A.data!, this.lora_embedding_B.data!];
    const { rank, scaling } = this.lora;
    for (let id = 0; id < count; id++) {
      for (let r = 0; r < rank; r++) {
        const factor = scaling * weight * a[id * rank + r];
        if (factor === 0) continue;
        for (let i = 0; i < width; i++) into[id * width + i] += factor * b[i * rank + r];
      }
    }
  }
}
