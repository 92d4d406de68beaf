/** Asks the questions of one set, and judges each answer as it comes. */
import type { ChoiceQuestion, Evaluator, EvaluatorQuestion, Judgement } from '../contracts/evaluator.js';
import type { InferBackend, Prompt } from '../contracts/infer-backend.js';
import { asText, asTurns } from './few-shot.js';

/** A question with its examples. */
export interface AskedQuestion {
  /** Of its row in the set's file, from 0. */
  readonly index: number;
  readonly question: EvaluatorQuestion;
  readonly shots: readonly EvaluatorQuestion[];
}

/** What was asked and what came of it: a line of the set's file. */
export interface EvaluatedItem extends Judgement {
  readonly index: number;
  readonly prompt: Prompt;
  /** The right answer. */
  readonly target: string;
  /** What the model wrote. */
  readonly output?: string;
  /** `length`: it wrote until its tokens were used up. */
  readonly finish_reason?: 'stop' | 'length';
  readonly choices?: readonly string[];
  /** Of each choice, in nats. */
  readonly log_likelihoods?: readonly number[];
  /** Tokens that were cut off the prompt's left. */
  readonly cut?: number;
}

export interface RunSetOptions {
  /** Longest answer; the evaluator's own when absent. */
  readonly max_new_tokens?: number;
  readonly onItem: (item: EvaluatedItem) => void;
  readonly signal?: AbortSignal;
}

export async function runSet(
  evaluator: Evaluator,
  asked: readonly AskedQuestion[],
  backend: InferBackend,
  options: RunSetOptions,
): Promise<void> {
  const { max_new_tokens, onItem, signal } = options;
  if (evaluator.answers === 'chosen') {
    await runChoices(
      asked as readonly (AskedQuestion & { readonly question: ChoiceQuestion })[],
      backend,
      options,
      (question, logps) => evaluator.judge(question, logps),
    );
    return;
  }
  const { stop } = evaluator;
  const prompts = asked.map(({ shots, question }) =>
    backend.isChat ? asTurns(shots, question) : asText(shots, question),
  );
  const settings = { stop, max_new_tokens: max_new_tokens ?? evaluator.max_new_tokens };
  await backend.generate(prompts, settings, {
    signal,
    onDone: (i, { text, finish_reason, cut }) => {
      if (finish_reason === 'abort') return;
      const { index, question } = asked[i];
      const said = { index, prompt: prompts[i], target: question.answer, output: text, finish_reason };
      onItem({ ...said, ...cutOff(cut), ...evaluator.judge(question, text) });
    },
  });
}

/** Plain text, whatever the model: a template would have to say where an answer begins within its turn. */
async function runChoices(
  asked: readonly (AskedQuestion & { readonly question: ChoiceQuestion })[],
  backend: InferBackend,
  { onItem, signal }: RunSetOptions,
  judge: (question: ChoiceQuestion, logps: readonly number[]) => Judgement,
): Promise<void> {
  const contexts = asked.map(({ shots, question }) => asText(shots, question));
  const places = asked.flatMap(({ question: { choices } }, i) => choices.map((_, choice) => ({ i, choice })));
  const found = asked.map(() => new Map<number, { readonly logp: number; readonly cut: number }>());
  const requests = places.map(({ i, choice }) => ({
    context: contexts[i],
    continuation: ` ${asked[i].question.choices[choice]}`,
  }));
  await backend.logLikelihoods(requests, {
    signal,
    onDone: (request, result) => {
      const { i, choice } = places[request];
      found[i].set(choice, result);
      const { index, question } = asked[i];
      const { choices, answer } = question;
      if (found[i].size < choices.length) return;
      const all = choices.map((_, one) => found[i].get(one)!);
      const log_likelihoods = all.map(({ logp }) => logp);
      const said = { index, prompt: contexts[i], target: answer, choices, log_likelihoods };
      const cut = Math.max(...all.map((one) => one.cut));
      onItem({ ...said, ...cutOff(cut), ...judge(question, log_likelihoods) });
    },
  });
}

const cutOff = (cut: number): { cut?: number } => (cut > 0 ? { cut } : {});
