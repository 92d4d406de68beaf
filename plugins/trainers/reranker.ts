import { trainer, type Objective, type TaskHeads, type Trainer } from 'swift-ts/plugin';
import { rerankerArguments, Reranking, type RerankerOptions } from './_reranking.js';

/** A reranker: a score for a question with a document, above 0 where the document belongs to it. */
@trainer({
  id: 'reranker',
  command: 'sft',
  summary: 'scores for documents that answer a question',
  arguments: rerankerArguments,
})
export class RerankerTrainer implements Trainer<RerankerOptions> {
  readonly supervise = 'none';

  heads(): TaskHeads {
    return { score: 1 };
  }

  objective(options: RerankerOptions): Objective {
    return new Reranking(options);
  }
}
