/** What rerankers learn, by whatever they score with. */
import {
  argument,
  SwiftError,
  type Group,
  type Message,
  type Objective,
  type ObjectiveResult,
  type ReadingName,
  type StandardRow,
  type StepTotals,
  type Sum,
  type Told,
  type Template,
  type TokenQuantity,
  type ValuesOf,
} from 'swift-ts/plugin';
import { listwise, pointwise, ranksOf, type Ranked } from './_reranker-losses.js';

export const rerankerArguments = {
  loss_type: argument.choice(['pointwise_reranker', 'listwise_reranker'], {
    default: 'pointwise_reranker',
    help: 'pointwise_reranker: each document belongs or not; listwise_reranker: one that belongs among those that do not',
  }),
  listwise_reranker_temperature: argument.float({
    default: 1,
    min: 0,
    above: true,
    help: 'scores are divided by it (listwise_reranker)',
  }),
  max_positive_samples: argument.int({
    default: 1,
    min: 1,
    help: 'documents of a row that belong to its question: the first ones',
  }),
  max_negative_samples: argument.int({
    default: 7,
    min: 1,
    help: 'documents of a row that do not: the first ones',
  }),
} as const;

export type RerankerOptions = ValuesOf<typeof rerankerArguments>;

/** Scores of documents beside each other. */
export class Reranking implements Objective {
  readonly quantities: readonly TokenQuantity[] = [];
  readonly readings: readonly ReadingName[] = ['score'];
  readonly reference = false;
  readonly questions = true;

  /** @param asked the conversation that is scored, of a question with a document behind it */
  constructor(
    private readonly options: RerankerOptions,
    private readonly asked: (row: StandardRow, template?: Pick<Template, 'relevance'>) => StandardRow = (
      row,
    ) => row,
  ) {}

  sequences(
    row: StandardRow,
    template?: Pick<Template, 'relevance'>,
  ): readonly [StandardRow, ...StandardRow[]] {
    const { positive_messages = [], negative_messages = [], messages, ...rest } = row;
    const { max_positive_samples, max_negative_samples } = this.options;
    const positives = positive_messages.slice(0, max_positive_samples);
    const negatives = negative_messages.slice(0, max_negative_samples);
    if (positives.length === 0 || negatives.length === 0) {
      const missing = positives.length === 0 ? 'positive_messages' : 'negative_messages';
      throw new SwiftError('BAD_ROW', `the row has no ${missing}.`, {
        cure: 'Give it documents that answer its question and some that do not: [[{"role": "assistant", "content": …}], …].',
      });
    }
    const scored = (end: readonly Message[], label: number): StandardRow =>
      this.asked({ ...rest, messages: [...messages, ...end], label }, template);
    const [first, ...others] = [
      ...positives.map((end) => scored(end, 1)),
      ...negatives.map((end) => scored(end, 0)),
    ];
    return [first, ...others];
  }

  loss(groups: readonly Group[], _told: readonly Told[], step: StepTotals): ObjectiveResult {
    const { loss_type, listwise_reranker_temperature: temperature } = this.options;
    const rows = groups.map((group): Ranked => {
      const scores = (label: number): number[] =>
        group.filter((one) => one.label === label).map(({ readings }) => readings!.score![0]);
      return { positives: scores(1), negatives: scores(0) };
    });
    const isPointwise = loss_type === 'pointwise_reranker';
    // Each document counts alike, however many its row has.
    const scale = isPointwise ? step.groups / step.sequences : 1;
    const judged = rows.map((row) => (isPointwise ? pointwise(row) : listwise(row, temperature)));
    const ranks = rows.flatMap(ranksOf);
    const correct = isPointwise
      ? rows.flatMap(({ positives, negatives }) => [
          ...positives.map((score) => score > 0),
          ...negatives.map((score) => score <= 0),
        ])
      : ranks.map(({ mrr }) => mrr === 1);
    const meanOf = (values: readonly number[]): Sum => ({
      sum: values.reduce((sum, one) => sum + one, 0),
      count: values.length,
    });
    return {
      loss: scale * judged.reduce((sum, { loss }) => sum + loss, 0),
      cotangents: groups.map((group) => group.map(() => new Float32Array())),
      reading_cotangents: judged.map(({ positives, negatives }) =>
        [...positives, ...negatives].map((slope) => ({ score: Float32Array.of(scale * slope) })),
      ),
      metrics: {
        acc: meanOf(correct.map(Number)),
        mrr: meanOf(ranks.map(({ mrr }) => mrr)),
        ndcg: meanOf(ranks.map(({ ndcg }) => ndcg)),
      },
    };
  }
}
