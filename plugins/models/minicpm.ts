import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { scaledTraits } from './_minicpm.js';
import { mixture } from './_mixture.js';
import { SCALED } from './_gguf/scaled.js';

const EXPERT_NAMES = { gate_proj: 'w1', up_proj: 'w3', down_proj: 'w2' };

/** MiniCPM, MiniCPM-MoE and MiniCPM4: embedding, branches and logits scaled. */
@model({
  family: 'minicpm',
  summary: 'MiniCPM, MiniCPM-MoE and MiniCPM4: embedding, branches and logits scaled',
  architectures: ['MiniCPMForCausalLM'],
  model_types: ['minicpm'],
  gguf: { minicpm: SCALED.minicpm },
  template: 'minicpm',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'minicpm-2b-128k': {
      hf: 'openbmb/MiniCPM-2B-128k',
      ms: 'OpenBMB/MiniCPM-2B-128k',
      template: 'chatml',
      size: '2B',
    },
    'minicpm-1b-sft-chat': {
      hf: 'openbmb/MiniCPM-1B-sft-bf16',
      ms: 'OpenBMB/MiniCPM-1B-sft-bf16',
      size: '1B',
    },
    'minicpm-2b-chat': { hf: 'openbmb/MiniCPM-2B-dpo-fp32', ms: 'OpenBMB/MiniCPM-2B-dpo-fp32', size: '2B' },
    'minicpm-2b-sft-chat': {
      hf: 'openbmb/MiniCPM-2B-sft-fp32',
      ms: 'OpenBMB/MiniCPM-2B-sft-fp32',
      size: '2B',
    },
    'minicpm4-0.5b': {
      hf: 'openbmb/MiniCPM4-0.5B',
      ms: 'OpenBMB/MiniCPM4-0.5B',
      template: 'chatml',
      size: '0.5B',
    },
    'minicpm4-8b': { hf: 'openbmb/MiniCPM4-8B', ms: 'OpenBMB/MiniCPM4-8B', template: 'chatml', size: '8B' },
    'minicpm-moe-8x2b': { hf: 'openbmb/MiniCPM-MoE-8x2B', ms: 'OpenBMB/MiniCPM-MoE-8x2B' },
  },
})
export class MiniCpm extends DecoderLoader implements ModelLoader {
  /** MiniCPM4's sparse attention, which its own code turns on beyond `sparse_config.dense_len`, is not used. */
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = scaledTraits(reader, decoderTraits(reader, { tie_word_embeddings: true }));
    const num_experts = reader.number('num_experts', 0);
    if (num_experts === 0) return traits;
    const named = { ...traits, names: EXPERT_NAMES };
    const route = { k: reader.count('num_experts_per_tok', 2), normalize: true };
    const { intermediate_size } = traits;
    return { ...traits, feedForward: () => mixture(named, { num_experts, intermediate_size, route }) };
  }
}
