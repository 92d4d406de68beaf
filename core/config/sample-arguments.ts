import { bool, float, int, optionalFloat, optionalInt, optionalString, string } from './argument.js';
import { dataArguments } from './data-arguments.js';
import { generationArguments, inferArguments } from './generation-arguments.js';
import { rlhfArguments } from './rlhf-arguments.js';

const { ckpt_dir, load_args_from_ckpt_dir, merge_lora, max_batch_size } = inferArguments;
const { dataset, dataset_seed, check_dataset_strategy } = dataArguments;
const { max_new_tokens, top_k, top_p, repetition_penalty, stop_words } = generationArguments;
const { reward_funcs, reward_model, reward_prompt, reward_weights } = rlhfArguments;

/** Whom `swift sample` asks what, and which answers it keeps. */
export const sampleArguments = {
  ckpt_dir,
  load_args_from_ckpt_dir,
  merge_lora,
  sampler_url: optionalString({
    help: "ask a server that speaks OpenAI's API instead of a model loaded here: http://127.0.0.1:8000/v1; OPENAI_API_KEY is its key",
  }),
  dataset,
  dataset_seed,
  check_dataset_strategy,
  num_return_sequences: int({ default: 64, min: 1, help: 'answers to each row' }),
  num_sampling_batch_size: int({ default: 1, min: 1, help: 'rows that are answered and judged together' }),
  num_sampling_batches: optionalInt({ help: 'how often, at most', derived: 'until no row is left', min: 1 }),
  max_batch_size,
  max_new_tokens,
  temperature: float({ default: 1, min: 0, help: 'softmax temperature; 0 takes the likeliest token' }),
  top_k,
  top_p,
  repetition_penalty,
  stop_words,
  reward_funcs,
  reward_model,
  reward_prompt,
  reward_weights,
  n_best_to_keep: int({ default: 5, min: 1, help: 'answers to keep of each row, the best ones' }),
  prm_threshold: float({ default: 0, help: 'what an answer has to be worth more than to be kept' }),
  easy_query_threshold: optionalFloat({
    help: 'leave out rows of which such a share of the answers, or more, is above prm_threshold',
    derived: 'none is too easy',
    min: 0,
    max: 1,
  }),
  output_dir: string({ default: 'sample_output', help: 'folder of what is kept' }),
  output_file: string({ default: 'samples.jsonl', help: 'its file in output_dir' }),
  resume: bool({ default: false, help: 'go on where an earlier run ended' }),
  override_exist_file: bool({ default: false, help: 'begin anew though the file is there' }),
} as const;
