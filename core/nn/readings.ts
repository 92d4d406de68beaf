/** What is read off the last hidden states, with a way back: of tokens, and of whole sequences. */
import {
  add,
  clamp,
  exp,
  logSumExp,
  mul,
  reduceSum,
  scalar,
  slice,
  softplus,
  sub,
  type Tensor,
} from '../graph/index.js';
import type { CausalLM } from './causal-lm.js';
import type { Scope } from './scope.js';
import { logitsAt } from './token-quantities.js';

/**
 * - `divergence` of the prediction from a teacher's, a number for each supervised token
 * - `value`: of the state before each supervised token, by the model's value head
 * - `score`: as many numbers as the score head has, or the log-odds of the model's `verdict`, where the model scores a sequence
 * - `pooled`: the vector of a sequence: the normed hidden state where the model takes it, [D], and what its layers make of that
 */
export const READINGS = ['divergence', 'value', 'score', 'pooled'] as const;
export type ReadingName = (typeof READINGS)[number];

/** Readings of a sequence as a whole. */
export type SequenceReading = Extract<ReadingName, 'score' | 'pooled'>;

export const isOfSequence = (name: string): name is SequenceReading => name === 'score' || name === 'pooled';

/** Of a divergence. */
export interface ReadingOptions {
  /** Logits are divided by it, the teacher's too. */
  readonly temperature: number;
  /** Where between teacher and student the mixture lies; see `divergence`. */
  readonly beta: number;
  /** So many of the teacher's likeliest tokens count, by both predictions renormalized over them; all when absent. */
  readonly most?: number;
}

/** The teacher's logit of a token that does not count. */
export const UNTOLD = -1e9;

/** How many numbers a reading has in each place. @throws Error for a head that the model has not */
export function readingWidth(model: CausalLM, name: ReadingName): number {
  if (name === 'divergence' || name === 'value') return 1;
  if (name === 'pooled') return model.vector?.out_features ?? model.shape.hidden_size;
  return model.verdict ? 1 : model.score!.out_features;
}

/**
 * @param hidden [N, D]
 * @param teacher logits of the teacher, [N, V], of a divergence
 * @returns [N, width]
 */
export function reading(
  model: CausalLM,
  scope: Scope,
  name: ReadingName,
  { hidden, teacher }: { readonly hidden: Tensor; readonly teacher?: Tensor },
  options?: ReadingOptions,
): Tensor {
  if (name === 'divergence') {
    const { temperature, beta, most } = options!;
    const student = logitsAt(model, scope, hidden, temperature);
    return divergence(most === undefined ? student : likewise(student, teacher!), teacher!, beta);
  }
  if (name === 'score' && model.verdict) {
    const logits = logitsAt(model, scope, hidden, 1);
    const [holds, fails] = model.verdict.map((id) => slice(logits, 1, id, id + 1));
    return sub(holds, fails);
  }
  const normed = model.normed(scope, hidden);
  if (name === 'pooled') return model.vector?.forward(scope, normed) ?? normed;
  return (name === 'value' ? model.value : model.score)!.forward(scope, normed);
}

/**
 * Generalized Jensen-Shannon divergence (Agarwal et al., 2024, arXiv 2306.13649, eq. 1) with M = βT + (1−β)S:
 * β·KL(T‖M) + (1−β)·KL(S‖M) -> [N, 1] in nats. At β = 0 it is KL(T‖S), at 1 KL(S‖T), the limits of its slopes.
 * Of two vocabularies, the longer one's end is padding.
 */
function divergence(student: Tensor, teacher: Tensor, beta: number): Tensor {
  const common = Math.min(student.shape[1], teacher.shape[1]);
  const [s, t] = [student, teacher].map((logits) => logSoftmax(slice(logits, 1, 0, common)));
  const expected = (of: Tensor, apart: Tensor): Tensor => reduceSum(mul(exp(of), apart), [-1], true);
  if (beta === 0) return expected(t, sub(t, s));
  if (beta === 1) return expected(s, sub(s, t));
  const [a, b] = [add(s, scalar(Math.log(1 - beta))), add(t, scalar(Math.log(beta)))];
  const mixture = add(a, softplus(sub(b, a)));
  return add(
    mul(expected(t, sub(t, mixture)), scalar(beta)),
    mul(expected(s, sub(s, mixture)), scalar(1 - beta)),
  );
}

/** Logits without the tokens that do not count by the teacher. */
function likewise(student: Tensor, teacher: Tensor): Tensor {
  const common = Math.min(student.shape[1], teacher.shape[1]);
  const left = clamp(add(slice(teacher, 1, 0, common), scalar(-UNTOLD / 2)), UNTOLD, 0);
  return add(slice(student, 1, 0, common), left);
}

function logSoftmax(logits: Tensor): Tensor {
  return sub(logits, logSumExp(logits));
}
