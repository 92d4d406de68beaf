import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { deepseekV3Traits } from './_deepseek.js';

/** DeepSeek-V3, R1, Kimi K2 and Moonlight: latent attention, a corrected choice of experts. */
@model({
  family: 'deepseek_v3',
  summary: 'DeepSeek-V3, R1, Kimi K2 and Moonlight: latent attention, a corrected choice of experts',
  architectures: ['DeepseekV3ForCausalLM'],
  model_types: ['deepseek_v3', 'kimi_k2'],
  template: 'deepseek_v2_5',
  lora_target_modules: ['q_proj', 'q_a_proj', 'q_b_proj', 'kv_a_proj_with_mqa', 'kv_b_proj', 'o_proj'],
  variants: {
    'deepseek-v3-base': {
      hf: 'deepseek-ai/DeepSeek-V3-Base',
      ms: 'deepseek-ai/DeepSeek-V3-Base',
      codec: 'fp8',
    },
    'deepseek-v3': { hf: 'deepseek-ai/DeepSeek-V3', ms: 'deepseek-ai/DeepSeek-V3', codec: 'fp8' },
    'deepseek-v3-0324': {
      hf: 'deepseek-ai/DeepSeek-V3-0324',
      ms: 'deepseek-ai/DeepSeek-V3-0324',
      codec: 'fp8',
    },
    'deepseek-v3-awq': {
      hf: 'cognitivecomputations/DeepSeek-V3-AWQ',
      ms: 'cognitivecomputations/DeepSeek-V3-awq',
      codec: 'awq',
    },
    'deepseek-v3-0324-awq': {
      hf: 'cognitivecomputations/DeepSeek-V3-0324-AWQ',
      ms: 'cognitivecomputations/DeepSeek-V3-0324-AWQ',
      codec: 'awq',
    },
    'deepseek-prover-v2-7b': {
      hf: 'deepseek-ai/DeepSeek-Prover-V2-7B',
      ms: 'deepseek-ai/DeepSeek-Prover-V2-7B',
      size: '7B',
    },
    'deepseek-prover-v2-671b': {
      hf: 'deepseek-ai/DeepSeek-Prover-V2-671B',
      ms: 'deepseek-ai/DeepSeek-Prover-V2-671B',
      size: '671B',
      codec: 'fp8',
    },
    'deepseek-v3-bf16': { hf: 'unsloth/DeepSeek-V3-bf16', ms: 'unsloth/DeepSeek-V3-bf16' },
    'deepseek-v3-0324-bf16': { hf: 'unsloth/DeepSeek-V3-0324-BF16', ms: 'unsloth/DeepSeek-V3-0324-BF16' },
    'deepseek-prover-v2-671b-bf16': {
      hf: 'unsloth/DeepSeek-Prover-V2-671B-BF16',
      ms: 'unsloth/DeepSeek-Prover-V2-671B-BF16',
      size: '671B',
    },
    'deepseek-r1': {
      hf: 'deepseek-ai/DeepSeek-R1',
      ms: 'deepseek-ai/DeepSeek-R1',
      template: 'deepseek_r1',
      codec: 'fp8',
    },
    'deepseek-r1-zero': {
      hf: 'deepseek-ai/DeepSeek-R1-Zero',
      ms: 'deepseek-ai/DeepSeek-R1-Zero',
      template: 'deepseek_r1',
      codec: 'fp8',
    },
    'deepseek-r1-0528': {
      hf: 'deepseek-ai/DeepSeek-R1-0528',
      ms: 'deepseek-ai/DeepSeek-R1-0528',
      template: 'deepseek_r1',
      codec: 'fp8',
    },
    'deepseek-r1-awq': {
      hf: 'cognitivecomputations/DeepSeek-R1-AWQ',
      ms: 'cognitivecomputations/DeepSeek-R1-awq',
      template: 'deepseek_r1',
      codec: 'awq',
    },
    'deepseek-r1-0528-awq': {
      hf: 'cognitivecomputations/DeepSeek-R1-0528-AWQ',
      ms: 'cognitivecomputations/DeepSeek-R1-0528-AWQ',
      template: 'deepseek_r1',
      codec: 'awq',
    },
    'deepseek-r1-bf16': {
      hf: 'unsloth/DeepSeek-R1-BF16',
      ms: 'unsloth/DeepSeek-R1-BF16',
      template: 'deepseek_r1',
    },
    'deepseek-r1-zero-bf16': {
      hf: 'unsloth/DeepSeek-R1-Zero-BF16',
      ms: 'unsloth/DeepSeek-R1-Zero-BF16',
      template: 'deepseek_r1',
    },
    'deepseek-r1-0528-bf16': {
      hf: 'unsloth/DeepSeek-R1-0528-BF16',
      ms: 'unsloth/DeepSeek-R1-0528-BF16',
      template: 'deepseek_r1',
    },
    'moonlight-16b-a3b': {
      hf: 'moonshotai/Moonlight-16B-A3B',
      ms: 'moonshotai/Moonlight-16B-A3B',
      template: 'moonlight',
      size: '16B',
    },
    'moonlight-16b-a3b-instruct': {
      hf: 'moonshotai/Moonlight-16B-A3B-Instruct',
      ms: 'moonshotai/Moonlight-16B-A3B-Instruct',
      template: 'moonlight',
      size: '16B',
    },
    'kimi-k2-base': {
      hf: 'moonshotai/Kimi-K2-Base',
      ms: 'moonshotai/Kimi-K2-Base',
      template: 'kimi_k2',
      codec: 'fp8',
    },
    'kimi-k2-instruct': {
      hf: 'moonshotai/Kimi-K2-Instruct',
      ms: 'moonshotai/Kimi-K2-Instruct',
      template: 'kimi_k2',
      codec: 'fp8',
    },
    'kimi-k2-instruct-0905': {
      hf: 'moonshotai/Kimi-K2-Instruct-0905',
      ms: 'moonshotai/Kimi-K2-Instruct-0905',
      template: 'kimi_k2',
      codec: 'fp8',
    },
    'kimi-k2-thinking': {
      hf: 'moonshotai/Kimi-K2-Thinking',
      ms: 'moonshotai/Kimi-K2-Thinking',
      template: 'kimi_k2',
      codec: 'compressed-tensors',
    },
    'deepseek-v3.1-base': {
      hf: 'deepseek-ai/DeepSeek-V3.1-Base',
      ms: 'deepseek-ai/DeepSeek-V3.1-Base',
      template: 'deepseek_v3_1',
      codec: 'fp8',
    },
    'deepseek-v3.1': {
      hf: 'deepseek-ai/DeepSeek-V3.1',
      ms: 'deepseek-ai/DeepSeek-V3.1',
      template: 'deepseek_v3_1',
      codec: 'fp8',
    },
    'deepseek-v3.1-terminus': {
      hf: 'deepseek-ai/DeepSeek-V3.1-Terminus',
      ms: 'deepseek-ai/DeepSeek-V3.1-Terminus',
      template: 'deepseek_v3_1',
      codec: 'fp8',
    },
  },
})
export class DeepseekV3 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return deepseekV3Traits(reader);
  }
}
