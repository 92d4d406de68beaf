import { dataset } from 'swift-ts/plugin';
import { MtebReranking } from './_reranking.js';

/** https://huggingface.co/datasets/mteb/stackoverflowdupquestions-reranking */
@dataset({
  id: 'stackoverflowdupquestions-reranking',
  summary: 'Questions of Stack Overflow, with their duplicates',
  hf: 'mteb/stackoverflowdupquestions-reranking',
  ms: 'MTEB/stackoverflowdupquestions-reranking',
  tags: ['rerank'],
})
export class StackOverflowDupQuestionsReranking extends MtebReranking {}
