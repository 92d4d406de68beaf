import { add, gather, mul, reshape, scalar, sub, type Tensor } from '../../graph/index.js';
import type { EmbedOptions } from '../causal-lm.js';
import { Decoder } from '../decoder.js';
import type { RolePrefix } from '../roles.js';
import type { Stage, StageOptions } from '../stage.js';
import type { DecoderTraits } from '../traits.js';
import { ropePositions } from './rope-positions.js';
import type { MediaSpan, MediaTower } from './tower.js';

export interface MultimodalParts {
  /** The language model; its `names` say where the parts lie in checkpoints (`model`, `tower`). */
  readonly text: DecoderTraits;
  readonly tower: MediaTower;
  readonly roles: readonly RolePrefix[];
  /** M-RoPE: which axis each frequency turns by, and the side of the squares that the tower merges. */
  readonly mrope?: { readonly axes: readonly number[]; readonly merge_size: number };
}

/** A tower, and a decoder whose embedding places its features at the spans of media. */
export class MultimodalLM extends Decoder {
  override tower: MediaTower;
  override readonly roles: readonly RolePrefix[];
  private readonly mrope: MultimodalParts['mrope'];

  constructor({ text, tower, roles, mrope }: MultimodalParts) {
    super(text);
    this.tower = tower;
    this.roles = roles;
    this.mrope = mrope;
  }

  override get ropeAxes(): readonly number[] | undefined {
    return this.mrope?.axes;
  }

  override ropePositions(
    length: number,
    media: readonly MediaSpan[],
  ): { positions: Int32Array; next: number } {
    return ropePositions(length, media, this.mrope!.merge_size);
  }

  override mediaStages({ inputs = {} }: Pick<StageOptions, 'inputs'>): readonly Stage[] {
    return this.tower.stages(inputs);
  }

  override embedStage(options: EmbedOptions): Stage {
    const plain = super.embedStage(options);
    if (!options.placesFeatures) return plain;
    return {
      ...plain,
      reads: [...plain.reads, 'features', 'feature_index', 'is_feature'],
      forward: (scope, ports) => {
        const { features, feature_index, is_feature } = ports;
        const { hidden } = plain.forward(scope, ports);
        const placed: Tensor = reshape(gather(features, feature_index), hidden.shape);
        const share = reshape(is_feature, [...hidden.shape.slice(0, 2), 1]);
        return { hidden: add(mul(hidden, sub(scalar(1), share)), mul(placed, share)) };
      },
    };
  }
}
