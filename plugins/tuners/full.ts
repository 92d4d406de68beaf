import type { CausalLM } from 'swift-ts/nn';
import { didYouMean, SwiftError, tuner, type Tuner, type TunerOptions } from 'swift-ts/plugin';

/** Trains the model's own weights, all or some. */
@tuner({ id: 'full', summary: 'all weights train' })
export class FullTuner implements Tuner {
  apply(model: CausalLM, options: TunerOptions): void {
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
    let seen = 0;
    for (const [name, parameter] of parameters) {
      seen += parameter.size;
      const frozen =
        seen <= frozenBudget || options.freeze_parameters.some((prefix) => name.startsWith(prefix));
      const unfrozen = options.additional_trainable_parameters.some((prefix) => name.startsWith(prefix));
      parameter.trainable = !frozen || unfrozen;
    }
    if (parameters.some(([, { trainable }]) => trainable)) return;
    throw new SwiftError('BAD_ARGUMENT', 'every parameter is frozen: nothing would train', {
      cure: 'Lower --freeze_parameters_ratio, or name some in --additional_trainable_parameters.',
    });
  }
}
