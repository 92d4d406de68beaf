import { float, int, optionalBool, optionalInt, optionalString, string, strings } from './argument.js';
import { generationArguments, inferArguments } from './generation-arguments.js';

const { ckpt_dir, load_args_from_ckpt_dir, merge_lora } = inferArguments;
const { do_sample, top_k, top_p, repetition_penalty, stop_words } = generationArguments;

/** What `eval` asks, of whom, and how answers are generated. */
export const evalArguments = {
  ckpt_dir,
  load_args_from_ckpt_dir,
  merge_lora,
  eval_dataset: strings({ default: [], help: 'benchmarks to ask; see swift list evaluators' }),
  eval_few_shot: optionalInt({
    help: 'examples before each question',
    derived: "the benchmark's own: 5 of gsm8k, 0 of arc",
    min: 0,
  }),
  eval_limit: optionalString({
    help: 'questions of each set: a number takes the first ones, [a:b] those from row a up to b, counted from 0',
    derived: 'all',
  }),
  eval_url: optionalString({
    help: "ask a server that speaks OpenAI's API instead of a model loaded here: http://127.0.0.1:8000/v1",
  }),
  eval_token: string({ default: 'EMPTY', help: 'key for that server' }),
  eval_is_chat_model: optionalBool({
    help: 'whether that server answers conversations; false sends it texts to go on with',
    derived: 'true',
  }),
  eval_nproc: int({
    default: 16,
    min: 1,
    help: 'requests to that server under way at once',
    aliases: ['eval_num_proc'],
  }),
  eval_batch_size: int({ default: 8, min: 1, help: 'questions answered at once by a model loaded here' }),
  eval_output_dir: string({ default: 'eval_outputs', help: 'folder of the runs' }),
  name: optionalString({ help: 'folder of this run below it', derived: "the model's name" }),
  max_new_tokens: optionalInt({
    help: 'longest answer in tokens',
    derived: "the benchmark's own: 256 of gsm8k",
    min: 1,
  }),
  max_length: int({
    default: -1,
    min: -1,
    help: 'most tokens of a prompt with its answer, longer prompts lose their left end; -1 is what the model allows',
  }),
  do_sample,
  temperature: float({ default: 0, help: 'softmax temperature; 0 takes the likeliest token', min: 0 }),
  top_k,
  top_p,
  repetition_penalty,
  stop_words,
} as const;
