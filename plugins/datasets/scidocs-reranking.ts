import { dataset } from 'swift-ts/plugin';
import { MtebReranking } from './_reranking.js';

/** https://huggingface.co/datasets/mteb/scidocs-reranking; there is no training split. */
@dataset({
  id: 'scidocs-reranking',
  summary: 'Titles of papers, with those that belong beside them',
  hf: 'mteb/scidocs-reranking',
  ms: 'MTEB/scidocs-reranking',
  split: ['validation', 'test'],
  tags: ['rerank'],
})
export class ScidocsReranking extends MtebReranking {}
