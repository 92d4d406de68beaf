import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { latentTraits } from './_latent.js';
import { scaledTraits } from './_minicpm.js';
import { SCALED } from './_gguf/scaled.js';

/** MiniCPM3: latent attention. */
@model({
  family: 'minicpm3',
  summary: 'MiniCPM3: latent attention',
  architectures: ['MiniCPM3ForCausalLM'],
  model_types: ['minicpm3'],
  gguf: { minicpm3: SCALED.minicpm3 },
  template: 'chatml',
  lora_target_modules: ['q_a_proj', 'q_b_proj', 'kv_a_proj_with_mqa', 'kv_b_proj'],
  variants: {
    'minicpm3-4b': { hf: 'openbmb/MiniCPM3-4B', ms: 'OpenBMB/MiniCPM3-4B', size: '4B' },
  },
})
export class MiniCpm3 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = latentTraits(reader, false, { norm_eps: 1e-5, tie_word_embeddings: true });
    return scaledTraits(reader, traits, { scale_emb: 12, scale_depth: 1.4, dim_model_base: 256 });
  }
}
