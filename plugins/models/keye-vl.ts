import { model } from 'swift-ts/plugin';
import { KEYE_IGNORED, KeyeLoader } from './_keye.js';

/** Keye-VL (Kwai, 2025, arXiv 2507.01949): SigLIP over pictures of any size, Qwen3. */
@model({
  family: 'keye_vl',
  summary: 'Keye-VL: SigLIP over pictures of any size, Qwen3',
  architectures: ['KeyeForConditionalGeneration'],
  model_types: ['Keye'],
  media: ['image'],
  template: 'keye_vl',
  lora_target_modules: ['all-linear'],
  ignored_tensors: KEYE_IGNORED,
  variants: {
    'keye-vl-8b-preview': {
      hf: 'Kwai-Keye/Keye-VL-8B-Preview',
      ms: 'Kwai-Keye/Keye-VL-8B-Preview',
      size: '8B',
    },
  },
})
export class KeyeVl extends KeyeLoader {}
