import { SwiftError } from '../errors.js';
import { isHead } from '../model/task-heads.js';
import { RemoteAnswers } from '../rollout/remote-answers.js';
import { packageVersion } from '../version.js';
import type { TrainerParts } from './train-in-folder.js';

/** The server that writes the answers of a run, ready for it; undefined where the run writes them itself. @throws SwiftError */
export async function openRollouts({
  job,
  inputs,
  trainer: { objective },
  model: { loaded },
}: TrainerParts): Promise<RemoteAnswers | undefined> {
  const { rollout_url: url } = job.objective;
  if (url === undefined || !objective?.rollouts) return undefined;
  const bad = (fault: string): SwiftError =>
    new SwiftError('BAD_ARGUMENT', `--rollout_url: ${fault}`, {
      cure: 'Leave it out: the run writes its answers itself.',
    });
  if (loaded.model.tower) throw bad('a server is sent no pictures');
  const [tuner, ...others] = job.adapters;
  if (others.length > 0 || tuner.from !== undefined)
    throw bad('a server follows one tuner that begins with the run');
  const tuned = [...loaded.model.parameters()].filter(([name, { tuned }]) => tuned && !isHead(name));
  const { template, agent, codec, dtype, quantized, patchers } = job.model;
  const { sampling, max_completion_length, stop_words } = objective.rollouts;
  return RemoteAnswers.open(
    url,
    {
      version: packageVersion(),
      model: {
        ...{ template, agent, codec, dtype, quantized, patchers },
        compute_precision: job.schedule.compute_precision,
        base: inputs.base,
      },
      tuner: { id: tuner.id, options: tuner.options },
      seed: job.schedule.seed,
      wanted: { sampling, max_completion_length, stop_words },
      parameters: tuned.map(([name, { shape }]) => [name, shape]),
    },
    tuned.map(([, parameter]) => parameter),
  );
}
