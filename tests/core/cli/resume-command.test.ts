import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withResume } from '../../../core/cli/resume-command.js';
import { commandLine } from '../../../core/config/command-line.js';
import { SwiftError } from '../../../core/errors.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const CRASH = new SwiftError('ENGINE_CRASHED', 'the engine crashed', { cure: 'Report it.', exitCode: 1 });

/** A run folder with checkpoints; those named `whole` can be resumed from. */
function runFolder(checkpoints: Readonly<Record<string, 'whole' | 'weights only'>>): string {
  const folder = temporaryFolder();
  for (const [name, kind] of Object.entries(checkpoints)) {
    mkdirSync(join(folder, name));
    const files =
      kind === 'whole' ? ['args.json', 'trainer_state.json', 'optimizer.safetensors'] : ['args.json'];
    for (const file of files) writeFileSync(join(folder, name, file), '');
  }
  return folder;
}

async function cure(argv: readonly string[], folder?: string, step?: number) {
  const place = { command: 'sft' as const, argv, args: commandLine('sft', argv), folder, step };
  return withResume(CRASH, place);
}

test('names the step and the newest checkpoint that a run can go on from', async () => {
  const folder = runFolder({
    'checkpoint-9': 'whole',
    'checkpoint-10': 'whole',
    'checkpoint-11': 'weights only',
  });
  const error = await cure(['--dataset', 'x', '--model', 'm'], folder, 11);
  const newest = join(folder, 'checkpoint-10');
  expect(error).toMatchObject({
    code: 'ENGINE_CRASHED',
    exitCode: 1,
    message: 'the engine crashed (in step 12)',
    cure: [
      'Report it.',
      `The newest checkpoint is whole: ${newest}. Go on from it:`,
      `swift sft --dataset x --model m --resume_from_checkpoint ${newest}`,
    ],
  });
});

test('the command is typed as before, quoted, with one checkpoint and the state of the optimizer', async () => {
  const folder = runFolder({ 'checkpoint-2': 'whole' });
  const before = [
    '--resume-from-checkpoint',
    'old',
    '--dataset',
    "it's a file",
    'b',
    '--resume_only_model=true',
  ];
  const error = await cure([...before, '--model', 'm'], folder, 2);
  expect(error.cure.at(-1)).toBe(
    `swift sft --dataset 'it'\\''s a file' b --model m --resume_from_checkpoint ${join(folder, 'checkpoint-2')} --resume_only_model false`,
  );
});

test('a resumed run without a checkpoint of its own goes on from where it began; a fresh one says there is none', async () => {
  const resumed = await cure(
    ['--model', 'm', '--dataset', 'x', '--resume_from_checkpoint', 'old'],
    undefined,
  );
  expect(resumed.message).toBe('the engine crashed (before the first step)');
  expect(resumed.cure.at(-1)).toBe('swift sft --model m --dataset x --resume_from_checkpoint old');
  const fresh = await cure(['--model', 'm', '--dataset', 'x'], runFolder({}), 0);
  expect(fresh.cure).toEqual(['Report it.', 'No checkpoint was written yet.']);
});
