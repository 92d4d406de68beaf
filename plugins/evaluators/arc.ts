import {
  badQuestion,
  evaluator,
  judgeChoices,
  rowText,
  type ChoiceQuestion,
  type ChosenEvaluator,
  type RawRow,
} from 'swift-ts/plugin';

/** Science questions of school (Clark et al., 2018), read and judged as lm-evaluation-harness's arc_easy and arc_challenge. */
@evaluator({
  id: 'arc',
  summary: 'Science questions of school, the answer chosen by log-likelihood',
  hf: 'allenai/ai2_arc',
  ms: 'allenai/ai2_arc',
  sets: { arc_easy: { subset: 'ARC-Easy' }, arc_challenge: { subset: 'ARC-Challenge' } },
  few_shot: 0,
  example: {
    question: 'Which of these is hot?',
    choices: { text: ['ice', 'the sun'], label: ['A', 'B'] },
    answerKey: 'B',
  },
})
export class Arc implements ChosenEvaluator {
  readonly answers = 'chosen';
  readonly judge = judgeChoices;

  question(row: RawRow): ChoiceQuestion {
    const { text: choices, label: labels } = (row.choices ?? {}) as Partial<Record<string, unknown>>;
    if (!isTexts(choices) || !isTexts(labels) || choices.length !== labels.length)
      throw badQuestion(
        `field 'choices' is ${JSON.stringify(row.choices)}`,
        '{"text": […], "label": […]}, equally long',
      );
    const key = rowText(row, 'answerKey');
    const correct = labels.indexOf(key);
    if (correct < 0) throw badQuestion(`field 'answerKey' is "${key}"`, `one of ${labels.join(', ')}`);
    const prompt = `Question: ${rowText(row, 'question')}\nAnswer:`;
    return { prompt, answer: choices[correct], choices, correct };
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== '')
  );
}
