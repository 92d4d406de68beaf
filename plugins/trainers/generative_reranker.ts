import {
  argument,
  relevanceQuestion,
  trainer,
  VERDICT,
  type Objective,
  type TaskHeads,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { rerankerArguments, Reranking } from './_reranking.js';

const verdictArguments = {
  ...rerankerArguments,
  verdict_tokens: argument.strings({
    default: [...VERDICT],
    help: 'the token that a document belongs, and the token that it does not, as the vocabulary writes them',
  }),
} as const;

export type GenerativeRerankerOptions = ValuesOf<typeof verdictArguments>;

/** A reranker without a head of its own: it is asked whether the document fits, and scored by its log-odds of yes and no. */
@trainer({
  id: 'generative_reranker',
  command: 'sft',
  summary: 'yes or no to documents that may answer a question',
  arguments: verdictArguments,
})
export class GenerativeRerankerTrainer implements Trainer<GenerativeRerankerOptions> {
  readonly supervise = 'none';

  heads({ verdict_tokens }: GenerativeRerankerOptions): TaskHeads {
    return { verdict: verdict_tokens };
  }

  objective(options: GenerativeRerankerOptions): Objective {
    return new Reranking(options, relevanceQuestion);
  }
}
