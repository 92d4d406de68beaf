import { trainer, type Predicted, type Sample, type Trainer, type ValuesOf } from 'swift-ts/plugin';
import { predictedBy, predictionArguments } from './_supervised-arguments.js';

type SftOptions = ValuesOf<typeof predictionArguments>;

/** Supervised fine-tuning: cross entropy of the assistant's tokens, weighted by `loss_scale` where a sample has it. */
@trainer({
  id: 'sft',
  command: 'sft',
  summary: 'supervised fine-tuning on assistant turns',
  arguments: predictionArguments,
})
export class SftTrainer implements Trainer<SftOptions> {
  readonly supervise = 'assistant';

  tokenWeights({ loss_scale }: Sample): readonly number[] | undefined {
    return loss_scale;
  }

  predicts(options: SftOptions): Predicted | undefined {
    return predictedBy(options);
  }
}
