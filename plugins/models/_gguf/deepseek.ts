/** DeepSeek's three generations with experts, and families built on them. */
import {
  ATTENTION,
  FEED_FORWARD,
  type GgufArchitecture,
  type GgufEntries,
  type GgufFacts,
  HEAD_NORMS,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';
import { CORRECTED_EXPERTS, NEXT_TOKENS, sharedConfig, SHARED_EXPERTS } from './experts.js';
import { LATENT_ATTENTION, latentConfig } from './latent.js';
import { PERMUTED_ATTENTION } from './llama.js';

const LATENT_LAYER = { ...LATENT_ATTENTION, ...FEED_FORWARD, ...CORRECTED_EXPERTS, ...NEXT_TOKENS };

function deepseekConfig(facts: GgufFacts): Record<string, unknown> {
  const config = llamaConfig(facts);
  // 0.1 times the temperature that acts on the scores; published models have the same for both of theirs.
  const multiplier = facts.optional('rope.scaling.yarn_log_multiplier');
  const temperature = multiplier === undefined ? undefined : Number((multiplier * 10).toPrecision(6));
  return {
    ...config,
    ...latentConfig(facts),
    ...(config.rope_scaling && temperature !== undefined
      ? { rope_scaling: { ...config.rope_scaling, mscale: temperature, mscale_all_dim: temperature } }
      : {}),
  };
}

const latent = (architecture: string, model_type: string, config: GgufArchitecture['config']) => ({
  architecture,
  model_type,
  config,
  outer: OUTER,
  layer: LATENT_LAYER,
});

/** llama.cpp writes all of them as deepseek2. */
function deepseek2(facts: GgufFacts): GgufArchitecture {
  const pre = facts.general('tokenizer.ggml.pre');
  const experts = facts.number('expert_count', 0);
  if (experts === 0) return latent('YoutuForCausalLM', 'youtu', deepseekConfig);
  const isCorrected = facts.has(`blk.${facts.layers - 1}.exp_probs_b.bias`);
  const config = (): Record<string, unknown> => ({
    ...deepseekConfig(facts),
    ...sharedConfig(facts, isCorrected ? 'sigmoid' : 'softmax'),
  });
  if (isCorrected && pre === 'glm4') return latent('Glm4MoeLiteForCausalLM', 'glm4_moe_lite', config);
  if (isCorrected) return latent('DeepseekV3ForCausalLM', 'deepseek_v3', config);
  return latent('DeepseekV2ForCausalLM', 'deepseek_v2', () => ({
    ...config(),
    topk_method: facts.number('expert_group_count', 1) > 1 ? 'group_limited_greedy' : 'greedy',
  }));
}

export const DEEPSEEKS: GgufEntries = {
  deepseek2,
  deepseek: {
    architecture: 'DeepseekForCausalLM',
    model_type: 'deepseek',
    config: (facts) => ({ ...llamaConfig(facts), ...sharedConfig(facts, 'softmax') }),
    outer: OUTER,
    layer: { ...PERMUTED_ATTENTION, ...FEED_FORWARD, ...SHARED_EXPERTS },
  },
  dots1: {
    architecture: 'Dots1ForCausalLM',
    model_type: 'dots1',
    config: (facts) => ({ ...llamaConfig(facts), ...sharedConfig(facts, 'sigmoid'), sliding_window: null }),
    outer: OUTER,
    layer: { ...ATTENTION, ...HEAD_NORMS, ...FEED_FORWARD, ...CORRECTED_EXPERTS },
  },
};
