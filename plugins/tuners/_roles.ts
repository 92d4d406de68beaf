import { ROLES, type CausalLM, type Role } from 'swift-ts/nn';
import { argument, SwiftError, type ValuesOf } from 'swift-ts/plugin';

/** Which parts of a model that sees stay as they are; defaults as SWIFT 3 and later have them. */
export const freezeArguments = {
  freeze_vit: argument.bool({
    default: true,
    help: 'models that see: the tower stays as it is (an adapter leaves it out of all-linear)',
  }),
  freeze_aligner: argument.bool({
    default: true,
    help: 'models that see: what fits features to the language model stays as it is (an adapter leaves it out of all-linear)',
  }),
  freeze_llm: argument.bool({
    default: false,
    help: 'models that see: the language model stays as it is (an adapter leaves it out of all-linear)',
  }),
} as const;

export type FreezeOptions = ValuesOf<typeof freezeArguments>;

/** The parts that are tuned. @throws SwiftError BAD_ARGUMENT for parts that the model does not have */
export function thawedRoles({ roles }: CausalLM, options: FreezeOptions): ReadonlySet<Role> {
  if (roles.length === 0) {
    const [other] = (['freeze_vit', 'freeze_aligner', 'freeze_llm'] as const).filter(
      (name) => options[name] !== freezeArguments[name].default,
    );
    if (other === undefined) return new Set(ROLES);
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--${other} ${options[other]}: the model is a language model alone`,
      {
        cure: 'Leave it out: it is of models that see.',
      },
    );
  }
  return new Set(ROLES.filter((role) => !options[`freeze_${role}`]));
}
