import type { CommandValues } from '../config/command-line.js';
import { SwiftError } from '../errors.js';
import { continuesText } from '../infer/plain-text.js';
import { readArgs } from '../train/checkpoint.js';
import { writesNoText } from '../model/wordless.js';
import { Chat } from './chat.js';
import type { Services } from './services.js';
import { checkMergeable, mergeAdapter } from './export.js';
import { forInference, loadingOptions } from './train-arguments.js';
import { Scorer } from './scorer.js';
import { openModel, type OpenedModel } from './tunable-model.js';

export type InferArguments = CommandValues<'infer'>;

/** Which model is asked, among a command's arguments. */
type AskedModel = Parameters<typeof loadingOptions>[0] &
  Pick<InferArguments, 'ckpt_dir' | 'load_args_from_ckpt_dir' | 'merge_lora'> &
  Partial<Pick<InferArguments, 'task_type' | 'verdict_tokens'>>;

/** `swift infer`: from arguments to a model that answers. @throws SwiftError BAD_ARGUMENT for one that writes no text */
export async function openChat(
  args: InferArguments,
  services: Services,
): Promise<{ readonly chat: Chat; readonly isBase: boolean }> {
  const opened = await openPartner(args, services);
  if ('chat' in opened) return opened;
  await opened.scorer.release();
  throw writesNoText(opened.scorer.asked);
}

/** `swift infer`: a model that answers, or one that says of a conversation what it is. */
export async function openPartner(
  args: InferArguments,
  services: Services,
): Promise<{ readonly chat: Chat; readonly isBase: boolean } | { readonly scorer: Scorer }> {
  const saved = args.load_args_from_ckpt_dir && args.ckpt_dir !== null ? readArgs(args.ckpt_dir) : undefined;
  const wanted = args.task_type ?? saved?.task_type ?? 'causal_lm';
  // What reads whole sequences reads weights from memory.
  const maps = wanted === 'causal_lm' && (await services.backend()).mapsFiles === true;
  const model = await openAsked(args, services, maps);
  const system = args.system ?? model.system;
  const max_pixels = args.max_pixels ?? model.max_pixels;
  checkTask(args, model);
  const { task_type: task } = model;
  const { score, verdict } = model.loaded.model;
  checkDraw(args, model);
  if (score || verdict || task === 'embedding') {
    const { max_length, reranker_use_activation } = args;
    const shown = { embeds: task === 'embedding', activates: isReranker(task) && reranker_use_activation };
    return { scorer: await Scorer.open(model, { system, max_length, max_pixels, ...shown }) };
  }
  const chat = await Chat.open(model, { ...args, system, max_pixels });
  return { chat, isBase: continuesText(model.loaded.templateId) };
}

/** @throws SwiftError BAD_ARGUMENT where no answer speaks of an image */
function checkDraw({ draw }: InferArguments, { loaded }: OpenedModel): void {
  if (!draw || (loaded.processor?.image && loaded.model.writes)) return;
  throw new SwiftError('BAD_ARGUMENT', `--draw: ${loaded.name} writes no answers about images`, {
    cure: 'Leave it out.',
  });
}

const isReranker = (task?: string): boolean => task === 'reranker' || task === 'generative_reranker';

/** @throws SwiftError BAD_ARGUMENT for what the model has no head for, and for arguments of another task */
function checkTask(args: InferArguments, { task_type: task, loaded, services }: OpenedModel): void {
  const { score } = loaded.model;
  if (args.task_type === 'causal_lm' && score) throw writesNoText(loaded.model);
  if (!score && (args.task_type === 'seq_cls' || args.task_type === 'reranker')) {
    throw new SwiftError('BAD_ARGUMENT', `--task_type ${args.task_type}: the model has no head for scores`, {
      cure: `Take one that was trained so (swift sft --task_type ${args.task_type}); generative_reranker asks any model.`,
    });
  }
  if (args.verdict_tokens.length > 0 && task !== 'generative_reranker') {
    throw new SwiftError('BAD_ARGUMENT', '--verdict_tokens: only a generative_reranker answers with them', {
      cure: 'Leave it out, or ask with --task_type generative_reranker.',
    });
  }
  if (!args.reranker_use_activation && !isReranker(task)) {
    services.log.warn('--reranker_use_activation has no effect: the model is not asked as a reranker');
  }
}

/** The model that a command asks. @param maps whether weights may stay in their files */
export async function openAsked(args: AskedModel, services: Services, maps: boolean): Promise<OpenedModel> {
  const { task_type, verdict_tokens = [] } = args;
  const options = {
    ...forInference(loadingOptions(args, services)),
    // Merging computes new weights.
    leave_in_files: !args.merge_lora && maps,
    ckpt_dir: args.ckpt_dir ?? undefined,
    load_args_from_ckpt_dir: args.load_args_from_ckpt_dir,
    task_type: task_type ?? undefined,
    verdict_tokens: verdict_tokens.length > 0 ? verdict_tokens : undefined,
  };
  if (args.merge_lora) checkMergeable(args);
  const model = await openModel(options, services);
  if (args.merge_lora) mergeAdapter(model);
  return model;
}
