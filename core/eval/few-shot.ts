/** Examples before a question: which ones, and how they read. As lm-evaluation-harness draws and joins them. */
import type { EvaluatorQuestion } from '../contracts/evaluator.js';
import type { Message } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import { PythonRandom } from './python-random.js';

/** lm-evaluation-harness's, whose prompts this one's equal. */
const SEED = 1234;

export interface DrawOptions {
  /** Questions that are asked, from the first of the file. */
  readonly questions: number;
  /** Questions that examples are drawn from. */
  readonly pool: number;
  /** Examples of each question. */
  readonly shots: number;
  /** Examples come from the questions themselves: none is an example of itself. */
  readonly isSame: boolean;
}

/** For each question the numbers of its examples. @throws SwiftError BAD_ARGUMENT where there are too few */
export function drawShots({ questions, pool, shots, isSame }: DrawOptions): readonly (readonly number[])[] {
  if (shots === 0) return Array.from({ length: questions }, () => []);
  const drawn = shots + (isSame ? 1 : 0);
  if (drawn > pool) {
    const most = pool - (drawn - shots);
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--eval_few_shot: ${shots} examples are wanted, and there are ${most}`,
      {
        cure: `Ask for ${most} or fewer.`,
      },
    );
  }
  const random = new PythonRandom(SEED);
  return Array.from({ length: questions }, (_, own) => {
    const sample = random.sample(pool, drawn);
    return isSame ? sample.filter((one) => one !== own).slice(0, shots) : sample;
  });
}

/** Examples and question as one text. */
export function asText(shots: readonly EvaluatorQuestion[], { prompt }: EvaluatorQuestion): string {
  return [...shots.map((shot) => `${shot.prompt} ${shot.answer}`), prompt].join('\n\n');
}

/** Examples as turns of a conversation, whose last one is the question. */
export function asTurns(
  shots: readonly EvaluatorQuestion[],
  { prompt, messages = [{ role: 'user', content: prompt }] }: EvaluatorQuestion,
): readonly Message[] {
  const turns = shots.flatMap((shot): Message[] => [
    { role: 'user', content: shot.prompt },
    { role: 'assistant', content: shot.answer },
  ]);
  const own = messages.filter(({ role }) => role === 'system');
  return [...own, ...turns, ...messages.filter(({ role }) => role !== 'system')];
}
