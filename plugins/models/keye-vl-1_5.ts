import { model } from 'swift-ts/plugin';
import { KEYE_IGNORED, KeyeLoader } from './_keye.js';

/** Keye-VL 1.5 (Kwai, 2025, arXiv 2509.01563), whose projector norms squares of patches. */
@model({
  family: 'keye_vl_1_5',
  summary: 'Keye-VL 1.5: its projector norms squares of patches',
  architectures: ['KeyeVL1_5ForConditionalGeneration'],
  model_types: ['KeyeVL1_5'],
  media: ['image'],
  template: 'keye_vl_1_5',
  lora_target_modules: ['all-linear'],
  ignored_tensors: KEYE_IGNORED,
  variants: {
    'keye-vl-1_5-8b': { hf: 'Kwai-Keye/Keye-VL-1_5-8B', ms: 'Kwai-Keye/Keye-VL-1_5-8B', size: '8B' },
  },
})
export class KeyeVl15 extends KeyeLoader {
  protected override readonly normsSquares = true;
}
