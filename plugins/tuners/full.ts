import { roleOf, type CausalLM, type Parameter } from 'swift-ts/nn';
import {
  argument,
  didYouMean,
  SwiftError,
  tuner,
  type Tuner,
  type TunerStep,
  type ValuesOf,
} from 'swift-ts/plugin';
import { freezeArguments, thawedRoles } from './_roles.js';

const fullArguments = {
  freeze_parameters: argument.strings({
    default: [],
    help: 'full tuning: prefixes of parameters that stay frozen',
  }),
  freeze_parameters_ratio: argument.float({
    default: 0,
    min: 0,
    max: 1,
    help: 'full tuning: share of the parameters, from the bottom, that stays frozen',
  }),
  additional_trainable_parameters: argument.strings({
    default: [],
    help: 'full tuning: prefixes that train even so',
    aliases: ['trainable_parameters'],
  }),
  lisa_activated_layers: argument.int({
    default: 0,
    min: 0,
    help: 'LISA: blocks that train at a time, drawn anew again and again; 0 trains all. Beside them embeddings, last norm and head',
  }),
  lisa_step_interval: argument.int({ default: 20, min: 1, help: 'LISA: steps between draws' }),
  ...freezeArguments,
} as const;

type FullOptions = ValuesOf<typeof fullArguments>;

/** Trains the model's own weights, all or some. */
@tuner({
  id: 'full',
  summary: 'all weights train',
  arguments: fullArguments,
  without_effect: { lora: 'it is of full tuning; an adapter leaves the model as it is' },
})
export class FullTuner implements Tuner<FullOptions> {
  private lisa?: { readonly blocks: readonly (readonly Parameter[])[]; readonly options: FullOptions };

  apply(model: CausalLM, options: FullOptions): void {
    const parameters = [...model.namedParameters()];
    const names = parameters.map(([name]) => name);
    const total = parameters.reduce((sum, [, { size }]) => sum + size, 0);
    const frozenBudget = options.freeze_parameters_ratio * total;
    for (const [flag, prefixes] of [
      ['freeze_parameters', options.freeze_parameters],
      ['additional_trainable_parameters', options.additional_trainable_parameters],
    ] as const) {
      for (const prefix of prefixes) {
        if (names.some((name) => name.startsWith(prefix))) continue;
        throw new SwiftError('BAD_ARGUMENT', `--${flag} ${prefix} matches no parameter`, {
          cure: didYouMean(prefix, names),
        });
      }
    }
    const roles = thawedRoles(model, options);
    let seen = 0;
    for (const [name, parameter] of parameters) {
      seen += parameter.size;
      const frozen =
        seen <= frozenBudget ||
        !roles.has(roleOf(model, name)) ||
        options.freeze_parameters.some((prefix) => name.startsWith(prefix));
      const unfrozen = options.additional_trainable_parameters.some((prefix) => name.startsWith(prefix));
      parameter.trainable = !parameter.idle && (!frozen || unfrozen);
    }
    this.lisa = lisaOf(model, options);
    if (parameters.some(([, { trainable }]) => trainable)) return;
    throw new SwiftError('BAD_ARGUMENT', 'every parameter is frozen: nothing would train', {
      cure: 'Lower --freeze_parameters_ratio, freeze fewer parts, or name some in --additional_trainable_parameters.',
    });
  }

  /** Draws the blocks that train, uniformly without replacement, from a stream of the draw's own. */
  beforeStep(_model: CausalLM, { step, random }: TunerStep): void {
    if (!this.lisa) return;
    const { blocks, options } = this.lisa;
    const draw = random(Math.floor(step / options.lisa_step_interval));
    const left = [...blocks];
    for (let i = 0; i < options.lisa_activated_layers; i++) {
      const [drawn] = left.splice(Math.floor(draw.uniform() * left.length), 1);
      for (const parameter of drawn) parameter.trainable = true;
    }
    for (const parameter of left.flat()) parameter.trainable = false;
  }
}

/** LISA (Pan et al., 2024): what trains of each block. @throws SwiftError BAD_ARGUMENT */
function lisaOf(model: CausalLM, options: FullOptions): FullTuner['lisa'] {
  const { lisa_activated_layers: count, lisa_step_interval } = options;
  if (count === 0) {
    if (lisa_step_interval === fullArguments.lisa_step_interval.default) return undefined;
    throw new SwiftError('BAD_ARGUMENT', `--lisa_step_interval ${lisa_step_interval}: no blocks are drawn`, {
      cure: 'Say how many train at a time: --lisa_activated_layers 2.',
    });
  }
  const blocks = model.blocks
    .map((block) => [...block.parameters()].map(([, parameter]) => parameter).filter((one) => one.trainable))
    .filter((parameters) => parameters.length > 0);
  if (count <= blocks.length) return { blocks, options };
  throw new SwiftError('BAD_ARGUMENT', `--lisa_activated_layers ${count}: ${blocks.length} blocks train`, {
    cure: `Draw fewer, at most ${blocks.length}; or freeze less.`,
  });
}
