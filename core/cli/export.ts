import { readArguments } from './read-arguments.js';
import { SwiftError } from '../errors.js';
import { checkFresh, checkMergeable, exportMerged } from '../sdk/export.js';
import { createServices } from '../sdk/services.js';
import { loadingOptions } from '../sdk/train-arguments.js';
import { openModel } from '../sdk/tunable-model.js';
import { TerminalLog } from './terminal.js';

/** `swift export --ckpt_dir … --merge_lora true`. */
export async function run(argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments('export', argv, log);
  if (!args.merge_lora || args.ckpt_dir === null) {
    throw new SwiftError('BAD_ARGUMENT', 'nothing to export is named', {
      cure: 'Merging an adapter is what there is: --ckpt_dir <checkpoint> --merge_lora true.',
    });
  }
  checkMergeable(args);
  const folder = args.output_dir ?? `${args.ckpt_dir.replace(/\/+$/, '')}-merged`;
  checkFresh(folder);
  const services = createServices({ ...args, log });
  const { load_args_from_ckpt_dir } = args;
  const model = await openModel(
    { ...loadingOptions(args, services), ckpt_dir: args.ckpt_dir, load_args_from_ckpt_dir },
    services,
  );
  process.stdout.write(`merged model: ${await exportMerged(model, folder)}\n`);
}
