import type { CommandValues } from '../config/command-line.js';
import { Chat } from './chat.js';
import type { Services } from './services.js';
import { checkMergeable, mergeAdapter } from './export.js';
import { forInference, given } from './train-arguments.js';
import { openModel } from './tunable-model.js';

export type InferArguments = CommandValues<'infer'>;

/** `swift infer`: from arguments to a model that answers. */
export async function openChat(
  args: InferArguments,
  services: Services,
): Promise<{ readonly chat: Chat; readonly isBase: boolean }> {
  const { load_args_from_ckpt_dir } = args;
  const options = {
    ...forInference(given(args, services)),
    // Merging computes new weights.
    leave_in_files: !args.merge_lora && (await services.backend()).mapsFiles,
    ckpt_dir: args.ckpt_dir ?? undefined,
    load_args_from_ckpt_dir,
  };
  if (args.merge_lora) checkMergeable(args);
  const model = await openModel(options, services);
  if (args.merge_lora) mergeAdapter(model);
  const chat = await Chat.open(model, {
    ...args,
    system: args.system ?? model.system,
    max_pixels: args.max_pixels ?? model.max_pixels,
  });
  return { chat, isBase: /-generation(-bos)?$/.test(model.loaded.templateId) };
}
