import { Attention, TwinLinear, type ConfigReader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { MULTIWAY, owlModel, owlProcessor } from './_mplug-owl2.js';
import { FirstQwen } from './_qwen-first.js';

/** Rows that the published tables have at most, whatever config.json says. */
const ROWS = 151_851;

/** mPLUG-Owl2.1 (https://github.com/X-PLUG/mPLUG-Owl/tree/main/mPLUG-Owl2): on the first Qwen, whose queries, keys and values are twofold. */
@model({
  family: 'mplug_owl2_1',
  summary: 'mPLUG-Owl2.1: pictures have queries, keys and values of their own in the first Qwen',
  architectures: ['MPLUGOwl2QWenForCausalLM'],
  model_types: ['mplug_owl2_1'],
  media: ['image'],
  template: 'mplug-owl2',
  lora_target_modules: ['c_attn.multiway.0', 'c_attn.multiway.1'],
  variants: { 'mplug-owl2_1-chat': { hf: 'Mizukiluke/mplug_owl_2_1', ms: 'iic/mPLUG-Owl2.1' } },
})
export class MplugOwl21 extends FirstQwen implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = super.traits(reader);
    const vocab_size = Math.min(traits.vocab_size, ROWS);
    if (!reader.flag('multiway')) return { ...traits, vocab_size };
    return { ...traits, vocab_size, mixer: (layer) => twinAttention(traits, layer) };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return owlModel(text, reader, 'transformer');
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return owlProcessor(config, settings);
  }
}

function twinAttention(traits: DecoderTraits, layer: number): Attention {
  const { hidden_size, num_attention_heads, head_dim } = traits;
  const attention = new Attention(traits, layer);
  const out = 3 * num_attention_heads * head_dim;
  attention.qkv_proj = new TwinLinear(hidden_size, out, { text: true, media: true }, MULTIWAY);
  return attention;
}
