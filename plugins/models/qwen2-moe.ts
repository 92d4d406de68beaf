import { chosenWindows, DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { sparseLayers } from './_mixture.js';
import { qwen2Traits } from './_qwen.js';
import { QWENS } from './_gguf/qwen.js';

/** Qwen1.5-MoE and Qwen2-57B-A14B: experts beside one that sees every token. */
@model({
  family: 'qwen2_moe',
  summary: 'Qwen1.5-MoE and Qwen2-57B-A14B: experts beside one that sees every token',
  architectures: ['Qwen2MoeForCausalLM'],
  model_types: ['qwen2_moe'],
  gguf: { qwen2moe: QWENS.qwen2moe },
  template: 'qwen',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'qwen1half-moe-a2_7b': {
      hf: 'Qwen/Qwen1.5-MoE-A2.7B',
      ms: 'qwen/Qwen1.5-MoE-A2.7B',
      template: 'default-generation',
    },
    'qwen2-57b-a14b': {
      hf: 'Qwen/Qwen2-57B-A14B',
      ms: 'qwen/Qwen2-57B-A14B',
      template: 'default-generation',
      size: '57B',
    },
    'qwen1half-moe-a2_7b-chat': { hf: 'Qwen/Qwen1.5-MoE-A2.7B-Chat', ms: 'qwen/Qwen1.5-MoE-A2.7B-Chat' },
    'qwen2-57b-a14b-instruct': {
      hf: 'Qwen/Qwen2-57B-A14B-Instruct',
      ms: 'qwen/Qwen2-57B-A14B-Instruct',
      size: '57B',
    },
    'qwen2-57b-a14b-instruct-int4': {
      hf: 'Qwen/Qwen2-57B-A14B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-57B-A14B-Instruct-GPTQ-Int4',
      size: '57B',
      codec: 'gptq',
    },
    'qwen1half-moe-a2_7b-chat-int4': {
      hf: 'Qwen/Qwen1.5-MoE-A2.7B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-MoE-A2.7B-Chat-GPTQ-Int4',
      codec: 'gptq',
    },
  },
})
export class Qwen2Moe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const first = reader.number('max_window_layers', 28);
    const traits = {
      ...qwen2Traits(reader),
      layer: chosenWindows(reader, (layer) => layer % 2 === 0 && layer < first),
      names: { shared_experts: 'shared_expert' },
    };
    const size = {
      num_experts: reader.count('num_experts', 60),
      intermediate_size: reader.count('moe_intermediate_size', 1408),
      shared: reader.count('shared_expert_intermediate_size', 5632),
      shared_gate: true,
    };
    return { ...traits, feedForward: sparseLayers(reader, traits, size) };
  }
}
