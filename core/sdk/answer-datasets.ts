import { join } from 'node:path';
import { commandArguments } from '../config/commands.js';
import { resolveArguments } from '../config/resolve.js';
import type { Chat } from './chat.js';
import { loadDatasets, type DataOptions } from './datasets.js';
import type { InferArguments } from './infer.js';
import { inferDataset, type AnsweredRow } from './infer-dataset.js';
import type { Services } from './services.js';

/** `swift infer --val_dataset`: answers the datasets' last user turns, into a file of its own. */
export async function answerDatasets(
  chat: Chat,
  args: InferArguments,
  services: Services,
  onAnswer?: (row: AnsweredRow, done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ readonly count: number; readonly output: string }> {
  const datasets = await loadDatasets(dataOptions(args), services);
  for (const { report } of datasets.train) {
    if (report.droppedTotal > 0) services.log.warn(`not asked: ${report.toString()}`);
    else if (report.unused.size > 0) services.log.warn(`${report.dataset}: ${report.unusedText()}`);
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
  const options = { batchSize: args.max_batch_size, output, onAnswer, signal };
  const count = await inferDataset(chat, taken, options);
  return { count, output };
}

function dataOptions(args: InferArguments): DataOptions {
  const defaults = resolveArguments('sft', commandArguments.sft, new Map()) as unknown as DataOptions;
  return { ...defaults, seed: args.seed, dataset: args.val_dataset, dataset_test_ratio: 0, questions: true };
}
