import { add, concat, gelu, mul, reshape, type HostTensor, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { MediaTower, type InputShapes, type Medium } from '../media/tower.js';
import type { Names } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { patchRows } from './patch-rows.js';
import { stepsFor } from './room.js';
import { MapConvolution, rowsOf, SamNeck, stretched, type SamEncoder } from './sam-encoder.js';
import type { Vit } from './vit.js';

export interface HybridParts {
  readonly vision: Vit;
  readonly high: SamEncoder;
  /** Width of the language model. */
  readonly hidden_size: number;
  /** Where each part lies in checkpoints. */
  readonly names: Names;
}

/**
 * Two copies of a picture, a small one for SigLIP and a large one for Segment Anything, whose maps come to as many rows; half of a feature's
 * first layer looks at each (DeepSeek-VL 7B; Lu et al., 2024, arXiv 2403.05525). Values are the small copy's pixels, then the large one's; grids [1].
 */
export class HybridTower extends MediaTower {
  readonly vision: Vit;
  readonly high: SamEncoder;
  /** For states behind the first block in which all patches see each other; what comes of them is weighed. */
  readonly neck: SamNeck;
  readonly alpha: Parameter;
  readonly conv1: MapConvolution;
  readonly conv2: MapConvolution;
  low_proj: LinearLike;
  high_proj: LinearLike;
  proj: LinearLike;

  constructor({ vision, high, hidden_size, names }: HybridParts) {
    super();
    this.names = names;
    this.vision = vision;
    this.high = high;
    const { out } = high.size;
    this.neck = new SamNeck(high.size);
    this.alpha = new Parameter([1]);
    this.conv1 = new MapConvolution(out, 2 * out, { kernel: 3, stride: 2 });
    this.conv2 = new MapConvolution(2 * out, 4 * out, { kernel: 3, stride: 2 });
    this.low_proj = new Linear(vision.size.width, hidden_size / 2, { bias: true });
    this.high_proj = new Linear(4 * out, hidden_size / 2, { bias: true });
    this.proj = new Linear(hidden_size, hidden_size, { bias: true });
  }

  features(): number {
    return this.vision.rows;
  }

  smallest(): readonly Medium[] {
    return [{ kind: 'image', values: new Float32Array(this.lowValues + this.highValues), grid: [1] }];
  }

  /** `pixel_values` and `high_pixel_values` [pictures · patches, 3 · patch²]. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const room = stepsFor(media.length);
    const rows = (
      { patches, size }: Vit | SamEncoder,
      own: (values: Float32Array) => Float32Array,
    ): HostTensor => {
      const data = patchRows(
        media.map(({ values }) => own(values)),
        room,
        size,
      );
      return { dtype: 'float32', shape: [room * patches, data.length / (room * patches)], data };
    };
    return {
      pixel_values: rows(this.vision, (values) => values.subarray(0, this.lowValues)),
      high_pixel_values: rows(this.high, (values) => values.subarray(this.lowValues)),
    };
  }

  stages({ pixel_values }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const count = pixel_values.shape[0] / this.vision.patches;
    const ports = { pixels: 'high_pixel_values', seen: 'detail', first: 'first_detail' };
    const join: Stage = {
      reads: ['seen', 'detail', 'first_detail'],
      forward: (scope, { seen, detail, first_detail }) => {
        const last = this.shrunk(scope, this.high.neck.forward(scope, detail));
        const first = this.shrunk(scope, this.neck.forward(scope, first_detail));
        const map = add(last, mul(first, scope.param(this.alpha)));
        const both = [this.high_proj.forward(scope, rowsOf(map)), this.low_proj.forward(scope, seen)];
        const features = this.proj.forward(scope, gelu(concat(both, 2)));
        return { features: reshape(features, [count * this.vision.rows, features.shape[2]]) };
      },
    };
    return [...this.vision.stages(count), ...this.high.states(count, ports), join];
  }

  /** A map to as many places as the small copy has patches. */
  private shrunk(scope: Scope, map: Tensor): Tensor {
    const large = stretched(map, 4 * this.vision.side);
    return this.conv2.forward(scope, this.conv1.forward(scope, large));
  }

  private get lowValues(): number {
    return 3 * this.vision.size.image_size ** 2;
  }

  private get highValues(): number {
    return 3 * this.high.size.image_size ** 2;
  }
}
