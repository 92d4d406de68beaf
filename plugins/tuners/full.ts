import { roleOf, type CausalLM } from 'swift-ts/nn';
import { argument, didYouMean, SwiftError, tuner, type Tuner, type ValuesOf } from 'swift-ts/plugin';
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
    if (parameters.some(([, { trainable }]) => trainable)) return;
    throw new SwiftError('BAD_ARGUMENT', 'every parameter is frozen: nothing would train', {
      cure: 'Lower --freeze_parameters_ratio, freeze fewer parts, or name some in --additional_trainable_parameters.',
    });
  }
}
