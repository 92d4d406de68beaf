import {
  argument,
  SwiftError,
  trainer,
  type Group,
  type Objective,
  type ObjectiveResult,
  type ReadingName,
  type StandardRow,
  type Sum,
  type Survey,
  type Told,
  type TokenQuantity,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import {
  contrastLosses,
  EMBEDDING_LOSSES,
  pairLosses,
  tripletLosses,
  type RowLoss,
} from './_embedding-losses.js';
import { embeddedRow } from './_embedding-rows.js';
import { directionOf, throughDirection, type Direction } from './_vectors.js';

const embeddingArguments = {
  loss_type: argument.choice(EMBEDDING_LOSSES, {
    default: 'infonce',
    help: 'infonce, triplet: what belongs to an anchor beside what does not; the others: pairs that are alike as their label says',
  }),
  infonce_temperature: argument.float({
    default: 0.1,
    min: 0,
    above: true,
    help: 'cosines are divided by it (infonce)',
  }),
  infonce_use_batch: argument.bool({
    default: true,
    help: 'what belongs to other rows of the optimizer step does not belong to a row (infonce)',
  }),
  infonce_hard_negatives: argument.optionalInt({
    min: 1,
    help: 'so many negatives of each row: the first ones, repeated where there are fewer (infonce)',
    derived: 'all of them',
  }),
  infonce_mask_fake_negative: argument.bool({
    default: false,
    help: 'leave out negatives that are nearer than the positive by infonce_fake_neg_margin (infonce)',
  }),
  infonce_fake_neg_margin: argument.float({ default: 0.1, help: 'by how much nearer, in cosines (infonce)' }),
  infonce_include_qq: argument.bool({
    default: false,
    help: 'hold anchors against the other anchors too (infonce)',
  }),
  infonce_include_dd: argument.bool({
    default: false,
    help: 'hold positives against what anchors are held against too (infonce)',
  }),
  triplet_margin: argument.float({
    default: 0.5,
    min: 0,
    help: 'by how much nearer what belongs to an anchor should be than what does not, in cosines (triplet)',
  }),
} as const;

export type EmbeddingOptions = ValuesOf<typeof embeddingArguments>;

/** Embeddings: the state at the last token, of length 1, near to those of what belongs together. */
@trainer({
  id: 'embedding',
  command: 'sft',
  summary: 'vectors for conversations, near for what belongs together',
  arguments: embeddingArguments,
  defaults: { lora_dropout: 0 },
})
export class EmbeddingTrainer implements Trainer<EmbeddingOptions> {
  readonly supervise = 'none';

  objective(options: EmbeddingOptions): Objective {
    const needsBatch = ['infonce_mask_fake_negative', 'infonce_include_qq', 'infonce_include_dd'] as const;
    const alone = options.infonce_use_batch ? undefined : needsBatch.find((name) => options[name]);
    if (alone !== undefined) {
      throw new SwiftError(
        'BAD_ARGUMENT',
        `--${alone} true and --infonce_use_batch false do not go together`,
        {
          cure: 'Leave one out: without the batch, a row is held against its own negatives alone.',
        },
      );
    }
    return new Embedding(options);
  }
}

/** Numbers that a row is told before its gradients: its loss, and sums and counts of its measures. */
const HEADER = 7;

class Embedding implements Objective {
  readonly quantities: readonly TokenQuantity[] = [];
  readonly readings: readonly ReadingName[] = ['pooled'];
  readonly reference = false;
  readonly questions = true;
  /**
   * Rows that are held against each other are looked at together, and their gradients told to each, so that they may be in different
   * passes (Gao et al., 2021, arXiv 2101.06983).
   */
  readonly survey?: Survey;

  constructor(private readonly options: EmbeddingOptions) {
    const { loss_type, infonce_use_batch } = options;
    const looksAround = loss_type === 'online_contrastive' || loss_type === 'cosent';
    if (loss_type === 'infonce' ? infonce_use_batch : looksAround)
      this.survey = { of: 'rows', tell: (groups) => this.tell(groups) };
  }

  sequences(row: StandardRow): readonly [StandardRow, ...StandardRow[]] {
    const { loss_type, infonce_use_batch, infonce_hard_negatives } = this.options;
    const needed = loss_type === 'triplet' || infonce_hard_negatives !== null || !infonce_use_batch;
    return embeddedRow(row, {
      loss_type,
      needsNegatives: needed,
      most: loss_type === 'infonce' ? infonce_hard_negatives : null,
    });
  }

  loss(groups: readonly Group[], told: readonly Told[]): ObjectiveResult {
    const own = this.survey ? told : this.tell(groups);
    const sum = (at: number): number => own.reduce((total, numbers) => total + numbers[at], 0);
    const mean = (at: number): Sum => ({ sum: sum(at), count: sum(at + 1) });
    return {
      loss: sum(0),
      cotangents: groups.map((group) => group.map(() => new Float32Array())),
      reading_cotangents: groups.map((group, g) => {
        const width = group[0].readings!.pooled!.length;
        return group.map((_, s) => {
          const start = HEADER + s * width;
          return { pooled: Float32Array.from(own[g].slice(start, start + width)) };
        });
      }),
      metrics: { mean_pos: mean(1), mean_neg: mean(3), margin: mean(5) },
    };
  }

  private tell(groups: readonly Group[]): Told[] {
    const directions = groups.map((group) => group.map(({ readings }) => directionOf(readings!.pooled!)));
    const rows = groups.map(([{ label }], i) => ({
      vectors: directions[i].map(({ unit }) => unit),
      label: Number(label ?? 1),
    }));
    return this.judged(rows).map((row, i) => toldOf(row, directions[i]));
  }

  private judged(rows: Parameters<typeof contrastLosses>[0]): RowLoss[] {
    const { options } = this;
    if (options.loss_type === 'triplet') return tripletLosses(rows, options.triplet_margin);
    if (options.loss_type !== 'infonce') return pairLosses(rows, options.loss_type);
    return contrastLosses(rows, {
      temperature: options.infonce_temperature,
      batch: options.infonce_use_batch,
      negatives: options.infonce_hard_negatives,
      mask: options.infonce_mask_fake_negative ? options.infonce_fake_neg_margin : null,
      anchors: options.infonce_include_qq,
      documents: options.infonce_include_dd,
    });
  }
}

function toldOf({ loss, gradients, positives, negatives }: RowLoss, directions: readonly Direction[]): Told {
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  const isRanked = positives.length > 0 && negatives.length > 0;
  return [
    loss,
    ...[sum(positives), positives.length, sum(negatives), negatives.length],
    ...(isRanked ? [positives[0] - Math.max(...negatives), 1] : [0, 0]),
    ...gradients.flatMap((gradient, i) => throughDirection(directions[i], gradient)),
  ];
}
