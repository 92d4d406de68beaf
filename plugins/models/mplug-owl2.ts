import {
  Attention,
  DecoderLoader,
  decoderTraits,
  RmsNorm,
  TwinLinear,
  TwinNorm,
  type ConfigReader,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { MULTIWAY, owlModel, owlProcessor } from './_mplug-owl2.js';

/**
 * mPLUG-Owl2 (Ye et al., 2023, arXiv 2311.04257): a picture as 65 features, for which Llama's layers have norms, keys and values of their
 * own. https://github.com/X-PLUG/mPLUG-Owl/tree/main/mPLUG-Owl2
 */
@model({
  family: 'mplug_owl2',
  summary: 'mPLUG-Owl2: pictures have norms, keys and values of their own in Llama 2',
  architectures: ['MPLUGOwl2LlamaForCausalLM'],
  model_types: ['mplug_owl2'],
  media: ['image'],
  template: 'mplug-owl2',
  lora_target_modules: [
    'q_proj',
    'k_proj.multiway.0',
    'k_proj.multiway.1',
    'v_proj.multiway.0',
    'v_proj.multiway.1',
  ],
  variants: { 'mplug-owl2-chat': { hf: 'MAGAer13/mplug-owl2-llama2-7b', ms: 'iic/mPLUG-Owl2' } },
})
export class MplugOwl2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = { ...decoderTraits(reader), names: { tower: '' } };
    const { hidden_size, norm_eps } = traits;
    const norm = (): RmsNorm => new RmsNorm(hidden_size, norm_eps);
    return {
      ...traits,
      block_norm: () => new TwinNorm(norm(), norm(), MULTIWAY),
      mixer: (layer) => twinAttention(traits, layer),
    };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return owlModel(text, reader, 'model');
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return owlProcessor(config, settings);
  }
}

function twinAttention(traits: DecoderTraits, layer: number): Attention {
  const { hidden_size, num_key_value_heads, head_dim, bias } = traits;
  const attention = new Attention(traits, layer);
  const twin = (): TwinLinear =>
    new TwinLinear(
      hidden_size,
      num_key_value_heads * head_dim,
      { text: bias.qkv, media: bias.qkv },
      MULTIWAY,
    );
  attention.k_proj = twin();
  attention.v_proj = twin();
  return attention;
}
