import {
  trainer,
  type Objective,
  type Predicted,
  type Sample,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { predictedBy, predictionArguments } from './_predictions.js';
import { tokenLoss, tokenLossArguments } from './_token-loss.js';

const sftArguments = { ...predictionArguments, ...tokenLossArguments } as const;

type SftOptions = ValuesOf<typeof sftArguments>;

/** Supervised fine-tuning: cross entropy of the assistant's tokens, weighted by `loss_scale` where a sample has it. */
@trainer({
  id: 'sft',
  command: 'sft',
  summary: 'supervised fine-tuning on assistant turns',
  arguments: sftArguments,
})
export class SftTrainer implements Trainer<SftOptions> {
  readonly supervise = 'assistant';

  tokenWeights({ loss_scale }: Sample): readonly number[] | undefined {
    return loss_scale;
  }

  predicts(options: SftOptions): Predicted | undefined {
    return predictedBy(options);
  }

  objective(options: SftOptions): Objective | undefined {
    return tokenLoss(options);
  }
}
