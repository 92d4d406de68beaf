import { trainer, type Trainer } from 'swift-ts/plugin';

/** Pre-training: cross entropy of every token. */
@trainer({ id: 'pt', summary: 'pre-training on every token' })
export class PtTrainer implements Trainer {
  readonly supervise = 'all';
}
