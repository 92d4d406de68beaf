/** The rewards that arguments name, with what they are told. */
import type { TrainArguments } from '../config/command-line.js';
import { pluginOptions } from '../config/plugin-options.js';
import type { ValuesOf } from '../config/argument.js';
import type { rlhfArguments } from '../config/rlhf-arguments.js';
import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { JudgedAnswer, Reward } from '../contracts/reward.js';
import type { Sample } from '../contracts/template.js';
import { SwiftError } from '../errors.js';
import { promptsPerStep } from '../train/rollout-passes.js';
import type { Optimized } from '../train/optimized.js';
import { counted } from '../counted.js';
import type { Services } from './services.js';

export interface ChosenReward {
  readonly id: string;
  readonly weight: number;
  readonly options: PluginOptions;
  readonly instance: Reward;
}

/** @throws SwiftError BAD_ARGUMENT for arguments of answers that do not go together, or with the trainer */
export async function chosenRewards(
  args: TrainArguments,
  { objective, trainer }: Optimized,
  { plugins }: Pick<Services, 'plugins'>,
): Promise<readonly ChosenReward[]> {
  const ids = args.reward_funcs ?? [];
  const models = args.reward_model ?? [];
  const { rollouts } = objective ?? {};
  if (rollouts) checkRollouts(args, rollouts);
  if (!rollouts?.advantages && !rollouts?.ofTokens) {
    const stray = (['reward_funcs', 'reward_model', 'reward_weights'] as const).find(
      (name) => (args[name] ?? []).length > 0,
    );
    if (stray === undefined) return [];
    throw new SwiftError('BAD_ARGUMENT', `--${stray}: ${trainer.id} rewards no answers`, {
      cure: 'Leave it out, or choose a trainer that does: --rlhf_type grpo.',
    });
  }
  const count = ids.length + models.length;
  if (count === 0) {
    const known = plugins.catalog.list('reward').map((entry) => entry.id);
    throw new SwiftError('BAD_ARGUMENT', `--rlhf_type ${trainer.id}: nothing says what answers are worth`, {
      cure: `Name rewards: --reward_funcs, of ${known.join(', ')}, one of your own with --plugins, or --reward_model.`,
    });
  }
  return namedRewards(args, { plugins });
}

/** What `--reward_funcs` names. @throws SwiftError BAD_ARGUMENT for weights that are not of them, and one that is named twice */
export async function namedRewards(
  args: Partial<ValuesOf<typeof rlhfArguments>>,
  { plugins }: Pick<Services, 'plugins'>,
): Promise<readonly ChosenReward[]> {
  const ids = args.reward_funcs ?? [];
  const weights = args.reward_weights ?? [];
  const count = ids.length + (args.reward_model ?? []).length;
  if (weights.length > 0 && weights.length !== count) {
    const fault = `--reward_weights: ${counted(weights.length, 'weight')} for ${counted(count, 'reward')}`;
    throw new SwiftError('BAD_ARGUMENT', fault, {
      cure: 'Give one for each of --reward_funcs and --reward_model, in their order.',
    });
  }
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new SwiftError('BAD_ARGUMENT', `--reward_funcs: '${twice}' is given twice`, {
      cure: 'Weigh it instead: --reward_weights.',
    });
  }
  return Promise.all(
    ids.map(async (id, i) => {
      const { instance, meta, id: own } = await plugins.resolve('reward', id);
      return { id: own, weight: weights[i] ?? 1, options: pluginOptions(meta, args), instance };
    }),
  );
}

type OfRollouts = NonNullable<NonNullable<Optimized['objective']>['rollouts']>;

function checkRollouts(args: TrainArguments, rollouts: OfRollouts): void {
  const bad = (fault: string, cure: string): SwiftError => new SwiftError('BAD_ARGUMENT', fault, { cure });
  promptsPerStep(
    args.batch_size * (args.gradient_accumulation_steps ?? Math.ceil(16 / args.batch_size)),
    rollouts,
  );
  if (args.precompute_ref_log_probs)
    throw bad(
      '--precompute_ref_log_probs true: what is to be asked of is written as training goes',
      'Leave it out.',
    );
  if (args.truncation_strategy === 'right')
    throw bad(
      '--truncation_strategy right: a prompt without its end is no question',
      'Give delete, which drops longer prompts, or left.',
    );
  if (args.streaming && rollouts.num_iterations > 1)
    throw bad(
      '--num_iterations: answers to rows of a stream are learned from once',
      'Leave it out, or leave out --streaming.',
    );
  if (args.streaming && rollouts.max_resample_times > 0)
    throw bad(
      '--dynamic_sample true draws other prompts, and a stream is read in its order',
      'Leave it out, or leave out --streaming.',
    );
}

/**
 * A checkpoint keeps answers that are learned from again as ids, and no pictures.
 * @throws SwiftError BAD_ARGUMENT
 */
export function checkPictures(samples: readonly Sample[], { objective }: Optimized): void {
  const times = objective?.rollouts?.num_iterations ?? 1;
  if (times === 1 || !samples.some(({ media }) => media)) return;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `answers to rows with images are learned from once, not ${times} times`,
    {
      cure: 'Give --num_iterations 1 (--num_ppo_epochs 1).',
    },
  );
}

/** What each reward says of each answer, NaN where it says nothing. @throws SwiftError BAD_PLUGIN for what is no list of numbers */
export async function scoresOf(
  answers: readonly JudgedAnswer[],
  rewards: readonly ChosenReward[],
): Promise<readonly (readonly number[])[]> {
  const columns: (readonly number[])[] = [];
  for (const { id, instance, options } of rewards) {
    const said: unknown = await instance.score(answers, options);
    const isOne = (each: unknown): boolean => each === null || Number.isFinite(each);
    if (!Array.isArray(said) || said.length !== answers.length || !said.every(isOne)) {
      throw new SwiftError('BAD_PLUGIN', `reward '${id}' does not say a number for each answer`, {
        cure: `score(answers) returns ${answers.length} finite numbers, or null where it says nothing.`,
      });
    }
    columns.push((said as readonly (number | null)[]).map((each) => each ?? NaN));
  }
  return answers.map((_, i) => columns.map((column) => column[i]));
}
