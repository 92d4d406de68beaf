import { expand, reshape, zeros, type Tensor } from '../../graph/index.js';
import type { Names } from '../module.js';
import type { Scope } from '../scope.js';
import { Connector } from './connector.js';
import { squareShares } from './position-table.js';
import { Resampler, type ResamplerSize } from './resampler.js';

/** Learned queries that attend to the patches of a square tile (Qwen-VL; Bai et al., 2023, arXiv 2308.12966). */
export class TileResampler extends Connector {
  readonly resampler: Resampler;

  constructor(size: Omit<ResamplerSize, 'positions'>, names: Names) {
    super();
    this.names = { resampler: '' };
    this.resampler = new Resampler({ ...size, positions: 'table' });
    this.resampler.names = names;
  }

  rows(): number {
    return this.resampler.size.queries;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const [tiles, patches] = seen.shape;
    const { queries } = this.resampler.size;
    const shares = squareShares(Math.sqrt(queries), Math.sqrt(patches));
    return this.resampler.forward(scope, seen, {
      patch_mask: zeros([tiles, patches]),
      key_shares: reshape(expand(shares, [tiles, patches, queries]), [tiles * patches, queries]),
    });
  }
}
