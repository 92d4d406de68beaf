import { bool, floats, optionalString, string, strings } from './argument.js';

/** What is compared with what. */
export const rlhfArguments = {
  rlhf_type: string({
    default: 'dpo',
    help: 'how preferences are learned: a trainer of swift rlhf',
    chooses: 'trainer',
  }),
  ref_model_type: optionalString({
    help: 'registered id of the reference model',
    derived: 'the model itself as it was before tuning',
  }),
  ref_model_id_or_path: optionalString({
    help: 'repository, folder or .gguf file of the reference model',
    aliases: ['ref_model'],
  }),
  ref_model_revision: optionalString({ help: 'branch, tag or commit of the reference model' }),
  teacher_model_type: optionalString({ help: 'registered id of the model that teaches' }),
  teacher_model_id_or_path: optionalString({
    help: 'repository, folder or .gguf file of the model that teaches',
    aliases: ['teacher_model'],
  }),
  teacher_model_revision: optionalString({ help: 'branch, tag or commit of the model that teaches' }),
  teacher_model_server: optionalString({
    help: "address of a server that speaks OpenAI's completions, instead of a teacher that is loaded here; see gkd_logits_topk",
  }),
  precompute_ref_log_probs: bool({
    default: false,
    help: 'ask the reference model of all samples before training, and let go of it',
  }),
  rollout_url: optionalString({
    help: 'address of swift rollout, which writes the answers that are learned from',
    derived: 'they are written where the model trains',
  }),
  reward_funcs: strings({
    default: [],
    help: 'what answers are worth that the model gives as it trains: rewards by their ids',
    chooses: 'reward',
  }),
  reward_model: strings({
    default: [],
    help: "models that score answers beside these: repositories, folders, checkpoints of rlhf_type rm, or addresses of servers that speak OpenAI's API",
  }),
  reward_prompt: optionalString({
    help: 'what a reward_model behind an address is asked of an answer, with {query}, {response} and {expected}; it ends with a number',
    derived: 'the conversation itself, to which it answers with its score',
  }),
  reward_weights: floats({
    default: [],
    help: 'how much each counts, of reward_funcs and then of reward_model; all 1 when left out',
  }),
} as const;
