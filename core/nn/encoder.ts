import type { Tensor } from '../graph/index.js';
import { Decoder } from './decoder.js';
import type { Scope } from './scope.js';
import type { Stage, StageOptions } from './stage.js';

/**
 * A model whose positions see later ones too: it reads whole sequences and says no words. Its stages end behind its last norm,
 * so that means over positions are of normed states.
 */
export class Encoder extends Decoder {
  override stages(options: StageOptions): readonly Stage[] {
    const norm: Stage = {
      reads: ['hidden'],
      cheap: true,
      forward: (scope, { hidden }) => ({ hidden: super.normed(scope, hidden) }),
    };
    return [...super.stages(options), ...(this.model.norm ? [norm] : [])];
  }

  override normed(_scope: Scope, hidden: Tensor): Tensor {
    return hidden;
  }
}
