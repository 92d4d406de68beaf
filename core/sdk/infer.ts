import type { CommandValues } from '../config/command-line.js';
import { continuesText } from '../infer/plain-text.js';
import { writesNoText } from '../infer/native-backend.js';
import { Chat } from './chat.js';
import type { Services } from './services.js';
import { checkMergeable, mergeAdapter } from './export.js';
import { forInference, loadingOptions } from './train-arguments.js';
import { Scorer } from './scorer.js';
import { openModel, type OpenedModel } from './tunable-model.js';

export type InferArguments = CommandValues<'infer'>;

/** Which model is asked, among a command's arguments. */
type AskedModel = Parameters<typeof loadingOptions>[0] &
  Pick<InferArguments, 'ckpt_dir' | 'load_args_from_ckpt_dir' | 'merge_lora'>;

/** `swift infer`: from arguments to a model that answers. @throws SwiftError BAD_ARGUMENT for one that writes no text */
export async function openChat(
  args: InferArguments,
  services: Services,
): Promise<{ readonly chat: Chat; readonly isBase: boolean }> {
  const opened = await openPartner(args, services);
  if ('chat' in opened) return opened;
  await opened.scorer.release();
  throw writesNoText();
}

/** `swift infer`: a model that answers, or one that says of a conversation what it is. */
export async function openPartner(
  args: InferArguments,
  services: Services,
): Promise<{ readonly chat: Chat; readonly isBase: boolean } | { readonly scorer: Scorer }> {
  const model = await openAsked(args, services, (await services.backend()).mapsFiles === true);
  const system = args.system ?? model.system;
  const max_pixels = args.max_pixels ?? model.max_pixels;
  const task = args.task_type ?? model.task_type;
  if (model.loaded.model.score || task === 'embedding') {
    const { max_length } = args;
    return {
      scorer: await Scorer.open(model, { system, max_length, max_pixels, embeds: task === 'embedding' }),
    };
  }
  const chat = await Chat.open(model, { ...args, system, max_pixels });
  return { chat, isBase: continuesText(model.loaded.templateId) };
}

/** The model that a command asks. @param maps whether weights may stay in their files */
export async function openAsked(args: AskedModel, services: Services, maps: boolean): Promise<OpenedModel> {
  const options = {
    ...forInference(loadingOptions(args, services)),
    // Merging computes new weights.
    leave_in_files: !args.merge_lora && maps,
    ckpt_dir: args.ckpt_dir ?? undefined,
    load_args_from_ckpt_dir: args.load_args_from_ckpt_dir,
  };
  if (args.merge_lora) checkMergeable(args);
  const model = await openModel(options, services);
  if (args.merge_lora) mergeAdapter(model);
  return model;
}
