import { pluginOptions } from '../config/plugin-options.js';
import type { JudgedAnswer } from '../contracts/reward.js';
import { isSwiftError } from '../errors.js';
import type { Plugin } from '../registry/plugins.js';

const ANSWERS = ['four', 'The answer is \\boxed{4}.', ''].map((text): JudgedAnswer => ({
  asked: {
    messages: [{ role: 'user', content: 'What are two and two?' }],
    expected: '4',
    columns: { query: 'What are two and two?', solution: '4', tests: ['true'] },
  },
  text,
  tokens: text.length,
  is_whole: true,
  max_tokens: 64,
}));

/** A number for each answer, or null; the same for one that is judged alone. */
export async function* checkReward({ instance, meta }: Plugin<'reward'>): AsyncGenerator<string> {
  const options = pluginOptions(meta, {});
  const score = async (answers: readonly JudgedAnswer[]): Promise<unknown> => {
    try {
      return await instance.score(answers, options);
    } catch (error) {
      // It may ask for columns that these rows do not have.
      if (isSwiftError(error) && error.code === 'BAD_ROW') return undefined;
      throw error;
    }
  };
  const said = await score(ANSWERS);
  if (said === undefined) return;
  const isOne = (each: unknown): boolean => each === null || Number.isFinite(each);
  if (!Array.isArray(said) || said.length !== ANSWERS.length || !said.every(isOne))
    yield 'score() does not return a finite number or null for each answer';
}
