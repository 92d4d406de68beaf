import { commandArguments } from '../config/commands.js';
import { resolveArguments } from '../config/resolve.js';
import { answersFile, drawingsOf } from './answers-file.js';
import type { Chat } from './chat.js';
import { loadDatasets, type DataOptions } from './datasets.js';
import type { InferArguments } from './infer.js';
import { inferDataset, type AnsweredRow } from './infer-dataset.js';
import { judgeDataset, type JudgedRow } from './judge-dataset.js';
import type { LoadedDataset } from '../data/index.js';
import type { Scorer } from './scorer.js';
import type { Services } from './services.js';

/** `swift infer --val_dataset`: answers the datasets' last user turns, into a file of its own. */
export async function answerDatasets(
  chat: Chat,
  args: InferArguments,
  services: Services,
  onAnswer?: (row: AnsweredRow, done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ readonly count: number; readonly output: string }> {
  const datasets = await askedRows(args, services);
  const output = answersFile(args);
  const draw = args.draw ? drawingsOf(output) : undefined;
  const options = { batchSize: args.max_batch_size, output, onAnswer, signal, draw };
  return { count: await inferDataset(chat, datasets, options), output };
}

/** The same by a model that scores: what it says of each row. */
export async function judgeDatasets(
  scorer: Scorer,
  args: InferArguments,
  services: Services,
  onRow?: (row: JudgedRow, done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ readonly count: number; readonly output: string }> {
  const datasets = await askedRows(args, services);
  const output = answersFile(args);
  const options = { batchSize: args.max_batch_size, output, onRow, signal };
  return { count: await judgeDataset(scorer, datasets, options), output };
}

async function askedRows(args: InferArguments, services: Services): Promise<LoadedDataset[]> {
  const datasets = await loadDatasets(dataOptions(args), services);
  for (const { report } of datasets.train) {
    if (report.droppedTotal > 0) services.log.warn(`not asked: ${report.toString()}`);
    else if (report.unused.size > 0) services.log.warn(`${report.dataset}: ${report.unusedText()}`);
  }
  let left = args.show_dataset_sample < 0 ? Infinity : args.show_dataset_sample;
  return datasets.train.map((dataset) => {
    const rows = dataset.rows.slice(0, Math.min(left, dataset.rows.length));
    left -= rows.length;
    return { ...dataset, rows };
  });
}

function dataOptions(args: InferArguments): DataOptions {
  const defaults = resolveArguments('sft', commandArguments.sft, new Map()) as unknown as DataOptions;
  return { ...defaults, seed: args.seed, dataset: args.val_dataset, dataset_test_ratio: 0, questions: true };
}
