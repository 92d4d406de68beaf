import type { TrainCommand } from '../config/commands.js';
import { SwiftError } from '../errors.js';
import type { TrainArguments } from '../config/command-line.js';
import { newestResumable } from '../train/checkpoint.js';

/** How far a run is known to have come. */
export interface RunPlace {
  readonly command: TrainCommand;
  readonly argv: readonly string[];
  readonly args: TrainArguments;
  folder?: string;
  /** Steps done; absent while model and data load. */
  step?: number;
}

/** A crash of the engine with the step it was in, and the command that goes on from the newest checkpoint. */
export async function withResume(crash: SwiftError, place: RunPlace): Promise<SwiftError> {
  const { folder, step, args } = place;
  const when = step === undefined ? 'before the first step' : `in step ${step + 1}`;
  const saved = folder === undefined ? undefined : await newestResumable(folder);
  const checkpoint = saved ?? args.resume_from_checkpoint ?? undefined;
  const resume =
    checkpoint === undefined
      ? ['No checkpoint was written yet.']
      : [`The newest checkpoint is whole: ${checkpoint}. Go on from it:`, resumeCommand(place, checkpoint)];
  return new SwiftError(crash.code, `${crash.message} (${when})`, {
    cure: [...crash.cure, ...resume],
    exitCode: 1,
    cause: crash,
  });
}

/** The command as it was typed, going on from a checkpoint. */
export function resumeCommand({ command, argv, args }: RunPlace, checkpoint: string): string {
  const changed = ['resume_from_checkpoint', 'resume_only_model'];
  const words: string[] = [];
  let dropping = false;
  for (const word of argv) {
    const flag = /^--?([A-Za-z][^=]*)/.exec(word)?.[1].replaceAll('-', '_');
    if (flag !== undefined) dropping = changed.includes(flag);
    if (!dropping) words.push(word);
  }
  words.push('--resume_from_checkpoint', checkpoint);
  // A config file may say true; a run that goes on wants the optimizer's state as well.
  if (args.resume_only_model) words.push('--resume_only_model', 'false');
  return ['swift', command, ...words.map(quoted)].join(' ');
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=,@%+#-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
