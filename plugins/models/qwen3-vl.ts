import { model } from 'swift-ts/plugin';
import { Qwen3VlLoader } from './_qwen3-vl.js';

/** Qwen3-VL (Bai et al., 2025, arXiv 2511.21631). */
@model({
  family: 'qwen3_vl',
  summary: 'Qwen3-VL: features of several depths of its tower',
  architectures: ['Qwen3VLForConditionalGeneration'],
  model_types: ['qwen3_vl'],
  media: ['image', 'video'],
  template: 'qwen3_vl',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3-vl-2b-instruct': { hf: 'Qwen/Qwen3-VL-2B-Instruct', ms: 'Qwen/Qwen3-VL-2B-Instruct', size: '2B' },
    'qwen3-vl-2b-thinking': { hf: 'Qwen/Qwen3-VL-2B-Thinking', ms: 'Qwen/Qwen3-VL-2B-Thinking', size: '2B' },
    'qwen3-vl-2b-instruct-fp8': {
      hf: 'Qwen/Qwen3-VL-2B-Instruct-FP8',
      ms: 'Qwen/Qwen3-VL-2B-Instruct-FP8',
      size: '2B',
      codec: 'fp8',
    },
    'qwen3-vl-2b-thinking-fp8': {
      hf: 'Qwen/Qwen3-VL-2B-Thinking-FP8',
      ms: 'Qwen/Qwen3-VL-2B-Thinking-FP8',
      size: '2B',
      codec: 'fp8',
    },
    'qwen3-vl-4b-instruct': { hf: 'Qwen/Qwen3-VL-4B-Instruct', ms: 'Qwen/Qwen3-VL-4B-Instruct', size: '4B' },
    'qwen3-vl-4b-thinking': { hf: 'Qwen/Qwen3-VL-4B-Thinking', ms: 'Qwen/Qwen3-VL-4B-Thinking', size: '4B' },
    'qwen3-vl-4b-instruct-fp8': {
      hf: 'Qwen/Qwen3-VL-4B-Instruct-FP8',
      ms: 'Qwen/Qwen3-VL-4B-Instruct-FP8',
      size: '4B',
      codec: 'fp8',
    },
    'qwen3-vl-4b-thinking-fp8': {
      hf: 'Qwen/Qwen3-VL-4B-Thinking-FP8',
      ms: 'Qwen/Qwen3-VL-4B-Thinking-FP8',
      size: '4B',
      codec: 'fp8',
    },
    'qwen3-vl-8b-instruct': { hf: 'Qwen/Qwen3-VL-8B-Instruct', ms: 'Qwen/Qwen3-VL-8B-Instruct', size: '8B' },
    'qwen3-vl-8b-thinking': { hf: 'Qwen/Qwen3-VL-8B-Thinking', ms: 'Qwen/Qwen3-VL-8B-Thinking', size: '8B' },
    'qwen3-vl-8b-instruct-fp8': {
      hf: 'Qwen/Qwen3-VL-8B-Instruct-FP8',
      ms: 'Qwen/Qwen3-VL-8B-Instruct-FP8',
      size: '8B',
      codec: 'fp8',
    },
    'qwen3-vl-8b-thinking-fp8': {
      hf: 'Qwen/Qwen3-VL-8B-Thinking-FP8',
      ms: 'Qwen/Qwen3-VL-8B-Thinking-FP8',
      size: '8B',
      codec: 'fp8',
    },
    'qwen3-vl-32b-instruct': {
      hf: 'Qwen/Qwen3-VL-32B-Instruct',
      ms: 'Qwen/Qwen3-VL-32B-Instruct',
      size: '32B',
    },
    'qwen3-vl-32b-thinking': {
      hf: 'Qwen/Qwen3-VL-32B-Thinking',
      ms: 'Qwen/Qwen3-VL-32B-Thinking',
      size: '32B',
    },
    'qwen3-vl-32b-instruct-fp8': {
      hf: 'Qwen/Qwen3-VL-32B-Instruct-FP8',
      ms: 'Qwen/Qwen3-VL-32B-Instruct-FP8',
      size: '32B',
      codec: 'fp8',
    },
    'qwen3-vl-32b-thinking-fp8': {
      hf: 'Qwen/Qwen3-VL-32B-Thinking-FP8',
      ms: 'Qwen/Qwen3-VL-32B-Thinking-FP8',
      size: '32B',
      codec: 'fp8',
    },
  },
})
export class Qwen3Vl extends Qwen3VlLoader {}
