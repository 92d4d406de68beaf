/** Heads of a model beside that of words, or in its place: of scores for sequences, of values of states. */
import type { ModelConfig } from '../contracts/model-loader.js';
import type { Random } from '../contracts/random.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import type { TensorSource } from '../io/tensor-source.js';
import { Linear, type CausalLM, type Parameter } from '../nn/index.js';
import { sameShape } from '../graph/index.js';

/** What scores of a sequence are, by the names of Hugging Face: classes of which one holds, or any; or numbers. */
export const PROBLEM_TYPES = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
] as const;
export type ProblemType = (typeof PROBLEM_TYPES)[number];

export interface TaskHeads {
  /** Numbers that a sequence is scored with; the head of words is left out then. */
  readonly score?: number;
  /** What these numbers are; where it is not said, one is a number and several are classes of which one holds. */
  readonly problem_type?: ProblemType;
  /** Whether states get values. */
  readonly value?: boolean;
  /** Two tokens, as the vocabulary writes them: sequences are scored by how much likelier the first one is than the second. */
  readonly verdict?: readonly string[];
}

/** What Hugging Face calls models that score sequences. */
const SCORES = /ForSequenceClassification$/;
/** What publishers of models that reward or rank call theirs, whose heads are their own: a number for an answer, or two for each of its steps. */
const REWARDS = /For(?:(Process)?RewardModel|Ranking)$/;

/** The head that a checkpoint itself has; none for one of words. */
export function headsOfConfig(config: ModelConfig): TaskHeads {
  const { architectures, id2label, num_labels } = config;
  const [name] = Array.isArray(architectures) ? (architectures as unknown[]) : [];
  if (typeof name !== 'string') return {};
  const [reward, ofSteps] = REWARDS.exec(name) ?? [];
  if (reward) return { score: ofSteps ? 2 : 1 };
  if (!SCORES.test(name)) return {};
  const named = typeof id2label === 'object' && id2label !== null ? Object.keys(id2label).length : undefined;
  const problem_type = PROBLEM_TYPES.find((one) => one === config.problem_type);
  return { score: named ?? (typeof num_labels === 'number' ? num_labels : 2), problem_type };
}

/** What a number of scores are where nobody says it. */
export const usualProblem = (labels: number): ProblemType =>
  labels === 1 ? 'regression' : 'single_label_classification';

/** The same model, as one of words: what its family's plugin knows. */
export function withoutScore(architecture: string): string {
  return architecture.replace(SCORES, 'ForCausalLM');
}

/** Gives a model heads without values. */
export function addHeads(model: CausalLM, { score, value, problem_type }: TaskHeads): void {
  if (score !== undefined) {
    model.dropHead();
    model.score = model.makeScore(score);
    model.problem_type = problem_type;
  }
  if (value) model.value = new Linear(model.shape.hidden_size, 1);
}

/**
 * The ids of a verdict's tokens; undefined where none is asked for.
 * @throws SwiftError BAD_ARGUMENT for a model without words, and for what are no two tokens
 */
export function verdictIds(
  { score, verdict: tokens }: TaskHeads,
  { writes }: Pick<CausalLM, 'writes'>,
  tokenizer: Tokenizer,
): CausalLM['verdict'] {
  if (tokens === undefined) return undefined;
  if (score !== undefined || !writes) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      '--task_type generative_reranker: the model has no words to answer with',
      { cure: 'Take a model that writes, or --task_type reranker, which scores by a head.' },
    );
  }
  const refused = (what: string): SwiftError =>
    new SwiftError('BAD_ARGUMENT', `--verdict_tokens ${tokens.join(' ')}: ${what}`, {
      cure: "Give the token of what belongs and that of what does not, as tokenizer.json writes them, such as 'yes no' or '▁yes ▁no'.",
    });
  if (new Set(tokens).size !== 2 || tokens.length !== 2) throw refused('expected two different tokens');
  const [holds, fails] = tokens.map((token) => {
    const id = tokenizer.tokenToId(token);
    if (id === undefined) throw refused(`the tokenizer has no token '${token}'`);
    return id;
  });
  return [holds, fails];
}

/** The parameters of a model's heads by their names, those of the last layer last. */
export function headParameters(model: CausalLM): ReadonlyMap<string, Parameter> {
  const heads = [model.score, model.value].flatMap((head) => (head ? [...head.parameters()] : []));
  const own = new Set(heads.map(([, parameter]) => parameter));
  return new Map([...model.namedParameters()].filter(([, parameter]) => own.has(parameter)));
}

/** What heads of this program are called where a family has no names for them: a model without them leaves them out. */
const HEADS = ['score.weight', 'value.weight'];

export const isHead = (name: string): boolean => HEADS.includes(name);

/** Fills heads that a checkpoint has. @throws SwiftError SHAPE_MISMATCH */
export async function fillHeads(model: CausalLM, source: TensorSource, place: string): Promise<void> {
  for (const [name, parameter] of headParameters(model)) {
    if (!source.has(name)) continue;
    const { shape } = source.info(name);
    if (!sameShape(shape, parameter.shape)) {
      throw new SwiftError('SHAPE_MISMATCH', `${place}: '${name}' is [${shape}], not [${parameter.shape}]`, {
        cure: `The checkpoint scores with ${shape[0]} numbers: --num_labels ${shape[0]}.`,
      });
    }
    parameter.data = await source.readFloat32(name);
  }
}

/** Fills heads that have no values yet, as Hugging Face does: normal by `initializer_range`, biases 0, norms 1. */
export function initializeHeads(model: CausalLM, { initializer_range }: ModelConfig, random: Random): void {
  const deviation = typeof initializer_range === 'number' ? initializer_range : 0.02;
  for (const [name, parameter] of headParameters(model)) {
    if (parameter.data) continue;
    const values = new Float32Array(parameter.size);
    // Values begin at nothing, so that no state is worth more than another.
    if (parameter !== model.value?.weight && !name.endsWith('.bias')) {
      const isNorm = parameter.shape.length === 1;
      for (let i = 0; i < values.length; i++) values[i] = isNorm ? 1 : deviation * random.normal();
    }
    parameter.data = values;
  }
}

/** What config.json says of a model that scores; names of its classes stay. */
export function scoreFields(
  config: ModelConfig,
  labels: number,
  problem_type?: ProblemType,
): Record<string, unknown> {
  const { architectures, id2label } = config;
  const [first] = Array.isArray(architectures) ? (architectures as unknown[]) : [];
  if (typeof first === 'string' && REWARDS.test(first)) return {};
  const name = typeof first === 'string' ? first.replace(/(For[A-Z]\w*|(LMHead)?Model)$/, '') : '';
  const numbers = Array.from({ length: labels }, (_, i) => i);
  const isNamed =
    typeof id2label === 'object' && id2label !== null && Object.keys(id2label).length === labels;
  return {
    ...(name && { architectures: [`${name}ForSequenceClassification`] }),
    ...(!isNamed && {
      id2label: Object.fromEntries(numbers.map((i) => [String(i), `LABEL_${i}`])),
      label2id: Object.fromEntries(numbers.map((i) => [`LABEL_${i}`, i])),
    }),
    ...(problem_type && { problem_type }),
  };
}
