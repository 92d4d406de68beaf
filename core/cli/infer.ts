import { join } from 'node:path';
import { commandLine } from '../config/command-line.js';
import { commandArguments } from '../config/commands.js';
import { resolveArguments } from '../config/resolve.js';
import { SwiftError } from '../errors.js';
import { Chat } from '../sdk/chat.js';
import { loadDatasets, type DataOptions } from '../sdk/datasets.js';
import { inferDataset } from '../sdk/infer-dataset.js';
import { createServices, type Services } from '../sdk/services.js';
import { forInference, given } from '../sdk/train.js';
import { openModel } from '../sdk/tunable-model.js';
import { runConversation } from './conversation.js';
import { paint, TerminalLog } from './terminal.js';

type InferArguments = ReturnType<typeof commandLine<'infer'>>;

/** `swift infer`: one question, a dataset, or a conversation. */
export async function run(argv: readonly string[]): Promise<void> {
  const args = commandLine('infer', argv);
  if (args.query !== null && args.val_dataset.length > 0) {
    throw new SwiftError('BAD_ARGUMENT', '--query and --val_dataset are both given', {
      cure: 'Leave one out: one question is answered, or those of the datasets.',
    });
  }
  const services = createServices({ ...args, log: new TerminalLog() });
  const { load_args_from_ckpt_dir } = args;
  const options = {
    ...forInference(given(args, services)),
    ckpt_dir: args.ckpt_dir ?? undefined,
    load_args_from_ckpt_dir,
  };
  const model = await openModel(options, services);
  if (args.merge_lora) model.tuner?.merge?.(model.loaded.model);
  const system = args.system ?? model.system;
  const chat = await Chat.open(model, system, args);
  try {
    if (args.query !== null) await answerOne(chat, args.query, args.stream);
    else if (args.val_dataset.length > 0) await answerDatasets(chat, args, services);
    else
      await runConversation(chat, {
        stream: args.stream,
        isBase: model.loaded.templateId.startsWith('default-generation'),
      });
  } finally {
    await chat.release();
  }
}

async function answerOne(chat: Chat, query: string, stream: boolean): Promise<void> {
  const write = (text: string): boolean => process.stdout.write(text);
  const { text } = await chat.answer([{ role: 'user', content: query }], stream ? write : undefined);
  write(stream ? '\n' : `${text}\n`);
}

async function answerDatasets(chat: Chat, args: InferArguments, services: Services): Promise<void> {
  const datasets = await loadDatasets(dataOptions(args), services);
  for (const { report } of datasets.train) {
    if (report.droppedTotal > 0) services.log.warn(`not asked: ${report.toString()}`);
  }
  const limit = args.show_dataset_sample < 0 ? Infinity : args.show_dataset_sample;
  let left = limit;
  const taken = datasets.train.map((dataset) => {
    const rows = dataset.rows.slice(0, Math.min(left, dataset.rows.length));
    left -= rows.length;
    return { ...dataset, rows };
  });
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = args.result_dir ?? join(args.ckpt_dir ?? '.', 'infer_result');
  const output = join(folder, `${stamp}.jsonl`);
  const count = await inferDataset(chat, taken, {
    batchSize: args.max_batch_size,
    output,
    onAnswer: ({ query, response, label }, done, total) => {
      process.stderr.write(`${paint(`[${done}/${total}] ${query}`, 'dim')}\n`);
      process.stderr.write(`${response}\n${label === undefined ? '' : paint(`label: ${label}\n`, 'cyan')}`);
    },
  });
  process.stdout.write(`${count} answers: ${output}\n`);
}

function dataOptions(args: InferArguments): DataOptions {
  const defaults = resolveArguments('sft', commandArguments.sft, new Map()) as unknown as DataOptions;
  return { ...defaults, seed: args.seed, dataset: args.val_dataset, dataset_test_ratio: 0, questions: true };
}
