import type { Tensor } from '../graph/index.js';
import { Linear, type LinearLike } from './linear.js';
import { Module, type Slot } from './module.js';
import type { Scope } from './scope.js';

/** One layer behind the pooling, as Sentence Transformers keeps it: in a folder of its own. */
export interface DenseSettings {
  /** Folder of its weights, `2_Dense`. */
  readonly path: string;
  readonly in_features: number;
  readonly out_features: number;
  readonly bias: boolean;
  readonly activation?: (x: Tensor) => Tensor;
}

/** What makes the vector of a sequence of its pooled state: dense layers in a row, called `2_Dense.linear` and so on. */
export class VectorHead extends Module {
  private readonly layers: LinearLike[];

  constructor(private readonly settings: readonly DenseSettings[]) {
    super();
    this.layers = settings.map(
      ({ in_features, out_features, bias }) => new Linear(in_features, out_features, { bias }),
    );
  }

  get out_features(): number {
    return this.settings.at(-1)!.out_features;
  }

  /** Folders of its layers. */
  get folders(): readonly string[] {
    return this.settings.map(({ path }) => path);
  }

  /** states [N, D] -> [N, out_features] */
  forward(scope: Scope, states: Tensor): Tensor {
    return this.layers.reduce((x, layer, i) => {
      const y = layer.forward(scope, x);
      return this.settings[i].activation?.(y) ?? y;
    }, states);
  }

  protected override *slots(): Generator<Slot> {
    for (const [i, { path }] of this.settings.entries()) {
      const put = (module: Module): void => void (this.layers[i] = module as LinearLike);
      yield { name: `${path}.linear`, child: this.layers[i], put };
    }
  }
}
