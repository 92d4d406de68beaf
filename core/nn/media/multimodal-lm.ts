import { add, gather, mul, reshape, scalar, sub, type Shape, type Tensor } from '../../graph/index.js';
import type { EmbedOptions } from '../causal-lm.js';
import { Decoder } from '../decoder.js';
import type { RolePrefix } from '../roles.js';
import type { Ports, Stage, StageOptions } from '../stage.js';
import type { DecoderTraits } from '../traits.js';
import { ropePositions, sharedPositions, type MediaSteps } from './rope-positions.js';
import { deepPort, type MediaSpan, type MediaTower } from './tower.js';

/** Positions on three axes. */
export interface Mrope extends MediaSteps {
  /** Which of them each frequency turns by. */
  readonly axes: readonly number[];
}

export interface MultimodalParts {
  /** The language model; its `names` say where the parts lie in checkpoints (`model`, `tower`). */
  readonly text: DecoderTraits;
  readonly tower: MediaTower;
  readonly roles: readonly RolePrefix[];
  readonly mrope?: Mrope;
  /** The features of a medium share one position, but for its first and its last (CogVLM). */
  readonly shared_positions?: boolean;
  /** Features are added to the vectors of the tokens in whose places they stand, which they replace when absent (Molmo). */
  readonly adds_features?: boolean;
}

/** A tower, and a decoder whose embedding places its features at the spans of media. */
export class MultimodalLM extends Decoder {
  override tower: MediaTower;
  override readonly roles: readonly RolePrefix[];
  private readonly mrope: MultimodalParts['mrope'];
  private readonly shared: boolean;
  override readonly addsFeatures: boolean;

  constructor({ text, tower, roles, mrope, ...rest }: MultimodalParts) {
    super(text);
    this.tower = tower;
    this.roles = roles;
    this.mrope = mrope;
    this.shared = rest.shared_positions === true;
    this.addsFeatures = rest.adds_features === true;
  }

  override get ropeAxes(): readonly number[] | undefined {
    const { head_dim, rotary_dims = head_dim } = this.shape;
    // All axes tell the same there.
    return this.shared ? new Array<number>(rotary_dims / 2).fill(0) : this.mrope?.axes;
  }

  override ropePositions(
    length: number,
    media: readonly MediaSpan[],
  ): { positions: Int32Array; next: number } {
    return this.shared ? sharedPositions(length, media) : ropePositions(length, media, this.mrope!);
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
        const words = this.words(scope, ports, options);
        const { placed, share } = placedFeatures(ports.features, ports, words.shape);
        const kept = this.addsFeatures ? words : mul(words, sub(scalar(1), share));
        const hidden = add(kept, mul(placed, share));
        return this.embedded(scope, { ids: ports.input_ids, hidden, share });
      },
    };
  }

  /** Adds further features of the tower to hidden states at the places of media. */
  protected override stagesBehind(layer: number, options: StageOptions): readonly Stage[] {
    if (layer >= this.tower.deep || this.mediaStages(options).length === 0) return [];
    const port = deepPort(layer);
    return [
      {
        reads: ['hidden', port, 'feature_index', 'is_feature'],
        cheap: true,
        forward: (_, { hidden, ...ports }) => {
          const { placed, share } = placedFeatures(ports[port], ports, hidden.shape);
          return { hidden: add(hidden, mul(placed, share)) };
        },
      },
    ];
  }
}

/** Features [F, D] at the tokens where they stand, [B, T, D], and 1 there, 0 elsewhere, [B, T, 1]. */
function placedFeatures(
  features: Tensor,
  { feature_index, is_feature }: Ports,
  shape: Shape,
): { readonly placed: Tensor; readonly share: Tensor } {
  return {
    placed: reshape(gather(features, feature_index), shape),
    share: reshape(is_feature, [...shape.slice(0, 2), 1]),
  };
}
