import {
  bool,
  int,
  optionalBool,
  optionalChoice,
  optionalFloat,
  optionalInt,
  optionalString,
  strings,
} from './argument.js';

/** How answers are generated. */
export const generationArguments = {
  max_new_tokens: int({ default: 2048, min: 1, help: 'longest answer in tokens' }),
  do_sample: optionalBool({
    help: 'draw tokens instead of taking the likeliest',
    derived: 'true when temperature is above 0',
  }),
  temperature: optionalFloat({
    help: 'softmax temperature; 0 takes the likeliest token',
    derived: '0.3',
    min: 0,
  }),
  top_k: optionalInt({ help: 'draw among so many likeliest tokens', derived: '20', min: 1 }),
  top_p: optionalFloat({
    help: 'draw among the likeliest tokens of this total probability',
    derived: '0.7',
    min: 0,
    max: 1,
    above: true,
  }),
  repetition_penalty: optionalFloat({
    help: 'divides the logits of tokens already there',
    derived: '1',
    min: 0,
    above: true,
  }),
  stop_words: strings({ default: [], help: "texts that end an answer, beside the template's" }),
  stream: bool({ default: true, help: 'print the answer as it grows' }),
} as const;

/** What `infer` answers. */
export const inferArguments = {
  ckpt_dir: optionalString({
    help: 'checkpoint of a run: an adapter or a full model',
    aliases: ['adapters'],
  }),
  load_args_from_ckpt_dir: bool({
    default: true,
    help: "take model, template and system from the checkpoint's args.json",
    aliases: ['load_args'],
  }),
  task_type: optionalChoice(['causal_lm', 'seq_cls', 'embedding', 'reranker', 'generative_reranker'], {
    help: 'what is asked of the model: a text, a class, a vector, or whether a document belongs to a query',
    derived: "what the checkpoint's args.json says, or what its head is for",
  }),
  verdict_tokens: strings({
    default: [],
    help: "the two tokens that a generative_reranker answers with; the checkpoint's, or yes and no, when left out",
  }),
  reranker_use_activation: bool({
    default: true,
    help: 'scores of rerankers are probabilities, not log-odds',
  }),
  merge_lora: bool({ default: false, help: 'fold the adapter into the weights before generating' }),
  query: optionalString({ help: 'answer this one question and end; without it and val_dataset, chat' }),
  val_dataset: strings({ default: [], help: 'answer the questions of these datasets, into a jsonl file' }),
  show_dataset_sample: int({
    default: -1,
    min: -1,
    help: 'answer only so many rows of val_dataset; -1 answers all',
    aliases: ['val_dataset_sample'],
  }),
  result_dir: optionalString({
    help: 'where answers to a dataset are written',
    derived: '<ckpt_dir>/infer_result, or ./infer_result',
    aliases: ['result_path'],
  }),
  draw: bool({
    default: false,
    help: 'write copies of images with the boxes and points of the answers drawn on them, beside the answers',
  }),
  max_batch_size: int({
    default: 8,
    min: 1,
    help: 'answers written side by side, e.g. to rows of val_dataset; the next begins when one ends',
  }),
  max_length: int({ default: -1, min: -1, help: 'longest prompt in tokens; -1 is what the model allows' }),
} as const;
