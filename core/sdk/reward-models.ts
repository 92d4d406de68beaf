/** Models that say what an answer is worth: they score the conversation with it, or each of its steps. */
import type { TrainArguments } from '../config/command-line.js';
import { holdsAdapter } from '../adapter/adapter-files.js';
import type { Backend } from '../contracts/backend.js';
import type { JudgedAnswer, Reward } from '../contracts/reward.js';
import type { Sample } from '../contracts/template.js';
import { IGNORE_INDEX } from '../contracts/template.js';
import { SwiftError } from '../errors.js';
import type { LoadedModel } from '../model/load-model.js';
import type { ChosenReward } from './chosen-rewards.js';
import { SequenceReader } from './sequence-reader.js';
import { isAddress } from './served-model.js';
import { ServedReward } from './served-reward.js';
import type { Services } from './services.js';
import { stepRewards } from './step-rewards.js';
import { forInference, loadingOptions } from './train-arguments.js';
import { openModel } from './tunable-model.js';

export class RewardModel implements Reward {
  private readonly reader: SequenceReader;

  constructor(
    private readonly loaded: Pick<LoadedModel, 'model' | 'tokenizer' | 'template'>,
    backend: Backend,
  ) {
    this.reader = new SequenceReader(loaded.model, backend);
  }

  /** @throws SwiftError what its template says of a conversation */
  async score(answers: readonly JudgedAnswer[]): Promise<number[]> {
    const samples = answers.map((answer) => this.sampleOf(answer));
    const { reads } = this.loaded.model;
    const scores = await this.reader.read(samples, 'score');
    return scores.map((own) => {
      if (typeof reads === 'string') return own[0];
      if (own.length === 0) throw noSteps(reads.token);
      // An answer is worth its worst step, as SWIFT has it.
      return Math.min(...stepRewards(own));
    });
  }

  async release(): Promise<void> {
    await this.reader.release();
  }

  private sampleOf({ asked: { messages, tools }, text }: JudgedAnswer): Sample {
    const { template, tokenizer } = this.loaded;
    const row = { messages: [...messages, { role: 'assistant' as const, content: text }], tools };
    const result = template.encode(row, tokenizer, { supervise: 'all' });
    // An answer of nothing is still the end of its conversation.
    const input_ids =
      result.kind === 'sample' ? result.sample.input_ids : template.prompt(messages, tokenizer);
    return { input_ids, labels: input_ids.map(() => IGNORE_INDEX) };
  }
}

/** What judges answers, and holds something that is let go of. */
type HeldReward = Reward & { release(): Promise<void> };

/**
 * Loads those that `--reward_model` names: checkpoints of `swift rlhf --rlhf_type rm`, models that score, or addresses.
 * @throws SwiftError
 */
export async function loadRewardModels(
  args: Parameters<typeof loadingOptions>[0] & Pick<TrainArguments, 'reward_model' | 'reward_prompt'>,
  weights: readonly number[],
  services: Services,
): Promise<readonly (ChosenReward & { readonly instance: HeldReward })[]> {
  const found = [];
  for (const [i, place] of (args.reward_model ?? []).entries()) {
    const id = i === 0 ? 'reward_model' : `reward_model_${i + 1}`;
    const chosen = { id, weight: weights[i] ?? 1, options: {} };
    if (isAddress(place)) {
      const prompt = args.reward_prompt ?? undefined;
      found.push({ ...chosen, instance: await ServedReward.open(place, prompt, services.log) });
      continue;
    }
    const { loaded } = await openModel(
      {
        ...forInference(loadingOptions({ ...args, model_type: null, model_id_or_path: place }, services)),
        template_type: undefined,
        ...(holdsAdapter(place) && { model_id_or_path: undefined, ckpt_dir: place }),
        load_args_from_ckpt_dir: true,
      },
      services,
    );
    const { reads, score } = loaded.model;
    const labels = score?.out_features;
    if (labels !== 1 && !(typeof reads === 'object' && labels === 2)) {
      const what = labels === undefined ? 'no score head' : `${labels} scores`;
      throw new SwiftError(
        'BAD_ARGUMENT',
        `--reward_model ${place}: it has ${what}, and a reward is one number`,
        {
          cure: 'Give a model that was trained to score: swift rlhf --rlhf_type rm.',
        },
      );
    }
    found.push({ ...chosen, instance: new RewardModel(loaded, await services.backend()) });
  }
  return found;
}

const noSteps = (mark: string): SwiftError =>
  new SwiftError('BAD_ARGUMENT', `--reward_model: an answer has no ${mark}, where its steps are scored`, {
    cure: 'Take the template that writes it: qwen2_5_math_prm.',
  });
