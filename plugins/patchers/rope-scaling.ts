import {
  argument,
  patcher,
  SwiftError,
  type ModelConfig,
  type Patcher,
  type ValuesOf,
} from 'swift-ts/plugin';

const ropeArguments = {
  rope_scaling: argument.choice(['none', 'linear', 'dynamic', 'yarn'], {
    default: 'none',
    help: 'how rotary positions are stretched beyond those that the model has; needs max_model_len',
  }),
  max_model_len: argument.optionalInt({
    min: 1,
    help: 'positions that the model is to have, with rope_scaling',
  }),
} as const;

type RopeOptions = ValuesOf<typeof ropeArguments>;

/** Fields of a config that say how its rotary positions are stretched already. */
const SCALINGS = ['rope_scaling', 'rope_parameters'] as const;

/**
 * Longer contexts by stretched rotary positions: linear interpolation (Chen et al., 2023), NTK by length ("dynamic"), YaRN
 * (Peng et al., 2023). The factor is the next whole one, as in SWIFT.
 */
@patcher({
  id: 'rope-scaling',
  summary: 'longer contexts by stretched rotary positions',
  arguments: ropeArguments,
})
export class RopeScalingPatcher implements Patcher<RopeOptions> {
  /** @throws SwiftError BAD_ARGUMENT */
  applies(config: ModelConfig, { rope_scaling, max_model_len }: RopeOptions): boolean {
    if (rope_scaling === 'none' && max_model_len === null) return false;
    if (rope_scaling === 'none') {
      throw new SwiftError(
        'BAD_ARGUMENT',
        `--max_model_len ${max_model_len}: nothing says how positions are stretched`,
        {
          cure: 'Give --rope_scaling linear, dynamic or yarn, or leave it out.',
        },
      );
    }
    if (max_model_len === null) {
      throw new SwiftError('BAD_ARGUMENT', `--rope_scaling ${rope_scaling}: to how many positions?`, {
        cure: 'Say it: --max_model_len 8192.',
      });
    }
    const positions = positionsOf(config, rope_scaling);
    return (
      max_model_len > positions && !isScaledSo(config, rope_scaling, Math.ceil(max_model_len / positions))
    );
  }

  idle(config: ModelConfig, { rope_scaling, max_model_len }: RopeOptions): string | undefined {
    // What a run has written of itself is as it was asked for.
    if (rope_scaling === 'none' || SCALINGS.some((name) => isStretched(config[name]))) return undefined;
    return `--rope_scaling ${rope_scaling} --max_model_len ${max_model_len} has no effect: the model has ${positionsOf(config, rope_scaling)} positions`;
  }

  fields(
    config: ModelConfig,
    { rope_scaling, max_model_len }: RopeOptions,
  ): Readonly<Record<string, unknown>> {
    const positions = positionsOf(config, rope_scaling);
    const held = SCALINGS.find((name) => isStretched(config[name]));
    if (held !== undefined && typeOf(config[held]) === 'mrope') {
      throw new SwiftError(
        'BAD_ARGUMENT',
        `--rope_scaling ${rope_scaling}: positions on three axes (mrope) are not stretched`,
        {
          cure: 'Leave it out.',
        },
      );
    }
    if (held !== undefined) {
      throw new SwiftError(
        'BAD_ARGUMENT',
        `--rope_scaling ${rope_scaling}: config.json has ${held} already`,
        {
          cure: `Leave it out: ${JSON.stringify(config[held])} reaches ${positions} positions.`,
        },
      );
    }
    const factor = Math.ceil(max_model_len! / positions);
    const scaling = { rope_type: rope_scaling, factor };
    const base = config.rope_parameters ?? {};
    const field = config.rope_parameters === undefined ? 'rope_scaling' : 'rope_parameters';
    // By length, what the model has counts from its own positions, wherever they end.
    if (rope_scaling === 'dynamic') return { [field]: { ...base, ...scaling } };
    const original = rope_scaling === 'yarn' ? { original_max_position_embeddings: positions } : {};
    return { [field]: { ...base, ...scaling, ...original }, max_position_embeddings: positions * factor };
  }
}

function typeOf(value: unknown): unknown {
  const { rope_type, type = rope_type } = (value ?? {}) as { rope_type?: unknown; type?: unknown };
  return type;
}

const isStretched = (value: unknown): boolean => ![undefined, 'default'].includes(typeOf(value) as undefined);

/** Whether a config says this scaling already. */
function isScaledSo(config: ModelConfig, type: string, factor: number): boolean {
  return SCALINGS.some(
    (name) => typeOf(config[name]) === type && (config[name] as { factor?: unknown }).factor === factor,
  );
}

function positionsOf(
  { max_position_embeddings: positions, rope_theta, rope_parameters }: ModelConfig,
  type: string,
): number {
  const turns = rope_theta !== undefined || rope_parameters !== undefined;
  if (typeof positions === 'number' && positions > 0 && turns) return positions;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--rope_scaling ${type}: config.json names no rotary positions to stretch`,
    {
      cure: 'Leave it out: it needs max_position_embeddings and rope_theta.',
    },
  );
}
