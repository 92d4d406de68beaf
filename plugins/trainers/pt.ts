import { trainer, type Sample, type Trainer } from 'swift-ts/plugin';

/** Pre-training: cross entropy of every token; everything trains unless another tuner is asked for. */
@trainer({
  id: 'pt',
  command: 'pt',
  summary: 'pre-training on every token',
  defaults: { sft_type: 'full', target_modules: ['ALL'] },
})
export class PtTrainer implements Trainer {
  readonly supervise = 'all';

  tokenWeights({ loss_scale }: Sample): readonly number[] | undefined {
    return loss_scale;
  }
}
