import { trainer, type Sample, type Trainer } from 'swift-ts/plugin';

/** Supervised fine-tuning: cross entropy of the assistant's tokens, weighted by `loss_scale` where a sample has it. */
@trainer({ id: 'sft', command: 'sft', summary: 'supervised fine-tuning on assistant turns' })
export class SftTrainer implements Trainer {
  readonly supervise = 'assistant';

  tokenWeights({ loss_scale }: Sample): readonly number[] | undefined {
    return loss_scale;
  }
}
