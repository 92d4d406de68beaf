import { model } from 'swift-ts/plugin';
import { Qwen3VlLoader } from './_qwen3-vl.js';

/** Qwen3-VL-Reranker: Qwen3-VL that is asked whether a document fits a query, and answers yes or no. */
@model({
  family: 'qwen3_vl_reranker',
  summary: 'Qwen3-VL-Reranker: yes or no to what it reads and sees',
  architectures: [],
  same_architecture_as: 'qwen3_vl',
  media: ['image', 'video'],
  template: 'qwen3_vl_reranker',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3-vl-reranker-2b': { hf: 'Qwen/Qwen3-VL-Reranker-2B', ms: 'Qwen/Qwen3-VL-Reranker-2B', size: '2B' },
    'qwen3-vl-reranker-8b': { hf: 'Qwen/Qwen3-VL-Reranker-8B', ms: 'Qwen/Qwen3-VL-Reranker-8B', size: '8B' },
  },
})
export class Qwen3VlReranker extends Qwen3VlLoader {}
