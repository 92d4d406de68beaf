/** What the contract of evaluators says beyond their methods, tried with the row that the decorator gives as an example. */
import type { EvaluatorQuestion } from '../contracts/evaluator.js';
import { isSwiftError } from '../errors.js';
import type { Plugin } from '../registry/plugins.js';

export async function* checkEvaluator({
  instance,
  meta,
  id,
}: Pick<Plugin<'evaluator'>, 'id' | 'instance' | 'meta'>): AsyncGenerator<string> {
  const sets = Object.keys(meta.sets);
  if (sets.length === 0) yield "it names no 'sets'";
  if (id === meta.id && sets.includes(id) && sets.length > 1)
    yield `'${id}' names one of its sets and all of them: give the set another id`;
  if (meta.hf === undefined && meta.ms === undefined) yield "it names no repository: 'hf' or 'ms'";
  if (!Number.isInteger(meta.few_shot) || meta.few_shot < 0) yield `'few_shot' is ${meta.few_shot}`;
  try {
    instance.question({});
    yield 'an empty row becomes a question: throw `badQuestion`';
  } catch (error) {
    if (!isSwiftError(error) || error.code !== 'BAD_ROW') yield `of an empty row it says: ${String(error)}`;
  }
  const { prompt, answer } = instance.question(meta.example);
  if (prompt === '' || prompt !== prompt.trimEnd()) yield 'a prompt is empty, or ends in a blank';
  if (answer.trim() === '') yield 'the right answer of the example is empty';
  yield* instance.answers === 'chosen'
    ? checkChosen(instance, meta.example)
    : checkWritten(instance, meta.example);
}

type Of<A> = Extract<Plugin<'evaluator'>['instance'], { readonly answers: A }>;
type Row = Plugin<'evaluator'>['meta']['example'];

function* checkChosen(instance: Of<'chosen'>, row: Row): Generator<string> {
  const question = instance.question(row);
  const { choices, correct } = question;
  if (choices.length < 2) return yield `the example has ${choices.length} choices`;
  if (choices[correct] === undefined) return yield `choice ${correct} of ${choices.length} is right`;
  const judged = (likeliest: number): Metrics =>
    instance.judge(
      question,
      choices.map((_, i) => (i === likeliest ? -1 : -1000)),
    ).metrics;
  yield* compare(judged(correct), judged((correct + 1) % choices.length));
}

function* checkWritten(instance: Of<'written'>, row: Row): Generator<string> {
  const question: EvaluatorQuestion = instance.question(row);
  if (!Number.isInteger(instance.max_new_tokens) || instance.max_new_tokens < 1)
    yield `'max_new_tokens' is ${instance.max_new_tokens}`;
  const judged = (answer: string): Metrics => instance.judge(question, answer).metrics;
  yield* compare(judged(question.answer), judged(''));
}

type Metrics = Readonly<Record<string, number>>;

function* compare(right: Metrics, wrong: Metrics): Generator<string> {
  const names = Object.keys(right);
  if (names.length === 0) yield 'it judges by no metric';
  if (names.join() !== Object.keys(wrong).join()) yield 'a right and a wrong answer have other metrics';
  for (const name of names) {
    if (![right[name], wrong[name]].every((value) => value >= 0 && value <= 1))
      yield `metric '${name}' is not between 0 and 1`;
    if (!(right[name] > wrong[name])) yield `by '${name}' the right answer is worth no more than a wrong one`;
  }
}
