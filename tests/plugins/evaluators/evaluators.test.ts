import { describe, expect, test } from 'vitest';
import { badQuestion, judgeChoices } from '../../../core/eval/judging.js';
import { Arc } from '../../../plugins/evaluators/arc.js';
import { Gsm8k } from '../../../plugins/evaluators/gsm8k.js';

const ROW = {
  question: 'Hot?',
  choices: { text: ['ice', 'the sun'], label: ['1', '2'] },
  answerKey: '2',
};

describe('rows of another shape', () => {
  test.each<[string, object, string]>([
    ['no question', { ...ROW, question: undefined }, "field 'question' is missing, expected a text"],
    ['no choices', { ...ROW, choices: undefined }, `field 'choices' is undefined, expected {"text"`],
    ['other lengths', { ...ROW, choices: { text: ['ice'], label: ['1', '2'] } }, 'equally long'],
    ['another key', { ...ROW, answerKey: 'B' }, `field 'answerKey' is "B", expected one of 1, 2`],
  ])('arc: %s', (_, row, fault) => {
    expect(() => new Arc().question(row as never)).toThrow(fault);
  });

  test('gsm8k', () => {
    expect(() => new Gsm8k().question({ question: 'x', answer: 5 })).toThrow(
      "field 'answer' is 5, expected a text",
    );
  });

  test('carry the code of rows', () => {
    expect(badQuestion('x', 'y')).toMatchObject({ code: 'BAD_ROW', exitCode: 2 });
  });
});

test('labels of numbers and of letters', () => {
  expect(new Arc().question(ROW)).toEqual({
    prompt: 'Question: Hot?\nAnswer:',
    answer: 'the sun',
    choices: ['ice', 'the sun'],
    correct: 1,
  });
});

test('acc_norm is by characters, and of equals the first counts', () => {
  const question = { prompt: '', answer: '', choices: ['ab', 'abcdef', '😀😀😀'], correct: 1 };
  expect(judgeChoices(question, [-4, -6, -4.5]).metrics).toEqual({ acc: 0, acc_norm: 1 });
  expect(judgeChoices({ ...question, correct: 0 }, [-4, -12, -6]).metrics).toEqual({ acc: 1, acc_norm: 1 });
});
