/** Heads of a model beside that of words, or in its place: of scores for sequences, of values of states. */
import type { ModelConfig } from '../contracts/model-loader.js';
import type { Random } from '../contracts/random.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import type { TensorSource } from '../io/tensor-source.js';
import { Linear, type CausalLM } from '../nn/index.js';
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

/** The head that a checkpoint itself has; none for one of words. */
export function headsOfConfig(config: ModelConfig): TaskHeads {
  const { architectures, id2label, num_labels } = config;
  const [name] = Array.isArray(architectures) ? (architectures as unknown[]) : [];
  if (typeof name !== 'string' || !SCORES.test(name)) return {};
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

/** Gives a model heads without values. @throws SwiftError BAD_ARGUMENT for words of a verdict that are no two tokens */
export function addHeads(
  model: CausalLM,
  { score, value, problem_type, verdict }: TaskHeads,
  tokenizer: Tokenizer,
): void {
  const width = model.shape.hidden_size;
  if (verdict !== undefined) model.verdict = verdictIds(verdict, tokenizer);
  if (score !== undefined) {
    model.dropHead();
    model.score = new Linear(width, score);
    model.problem_type = problem_type;
  }
  if (value) model.value = new Linear(width, 1);
}

function verdictIds(tokens: readonly string[], tokenizer: Tokenizer): readonly [number, number] {
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

const HEADS = ['score', 'value'] as const;

/** Whether a tensor of a checkpoint is one of these heads. */
export const isHead = (name: string): boolean => HEADS.some((head) => name === `${head}.weight`);

/** Fills heads that a checkpoint has. @returns those that it has not @throws SwiftError SHAPE_MISMATCH */
export async function fillHeads(model: CausalLM, source: TensorSource, place: string): Promise<void> {
  for (const name of HEADS) {
    const weight = model[name]?.weight;
    if (!weight || !source.has(`${name}.weight`)) continue;
    const { shape } = source.info(`${name}.weight`);
    if (!sameShape(shape, weight.shape)) {
      throw new SwiftError(
        'SHAPE_MISMATCH',
        `${place}: '${name}.weight' is [${shape}], not [${weight.shape}]`,
        {
          cure: `The checkpoint scores with ${shape[0]} numbers: --num_labels ${shape[0]}.`,
        },
      );
    }
    weight.data = await source.readFloat32(`${name}.weight`);
  }
}

/** Fills heads that have no values yet, as Hugging Face does: normal, by `initializer_range`. */
export function initializeHeads(model: CausalLM, { initializer_range }: ModelConfig, random: Random): void {
  const deviation = typeof initializer_range === 'number' ? initializer_range : 0.02;
  for (const name of HEADS) {
    const weight = model[name]?.weight;
    if (!weight || weight.data) continue;
    const values = new Float32Array(weight.size);
    // Values begin at nothing, so that no state is worth more than another.
    if (name === 'score') for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
    weight.data = values;
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
  const name = typeof first === 'string' ? first.replace(/For[A-Z]\w*$/, '') : '';
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
