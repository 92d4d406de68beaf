/** Mamba, Mamba-2, and Jamba, which has attention in some layers. */
import {
  CONVOLUTION,
  FEED_FORWARD,
  FLAT,
  type GgufArchitecture,
  type GgufEntries,
  type GgufFacts,
  LOG_NEGATIVE,
  notRead,
  OUTER,
  type Undo,
} from 'swift-ts/gguf';

const FLAT_LOG: Undo = { ...FLAT, ...LOG_NEGATIVE };

const mixer = (slot: string) => ({
  ssm_a: { to: `${slot}.A_log`, undo: LOG_NEGATIVE },
  ssm_d: `${slot}.D`,
  'ssm_conv1d.weight': { to: `${slot}.conv1d.weight`, undo: CONVOLUTION },
  'ssm_conv1d.bias': `${slot}.conv1d.bias`,
  ssm_dt: `${slot}.dt_proj`,
  ssm_in: `${slot}.in_proj`,
  ssm_out: `${slot}.out_proj`,
  ssm_x: `${slot}.x_proj`,
});

const OUTER_OF_MAMBA = {
  token_embd: 'backbone.embeddings',
  output_norm: 'backbone.norm_f',
  output: 'lm_head',
};

function mambaConfig(facts: GgufFacts): Record<string, unknown> {
  // Falcon Mamba, which llama.cpp writes as mamba too.
  if (facts.flag('ssm.dt_b_c_rms'))
    throw notRead(facts, 'norms what its steps are made of, which is not read');
  const inner = facts.number('ssm.inner_size');
  return {
    vocab_size: facts.shape('token_embd.weight')[0],
    hidden_size: facts.number('embedding_length'),
    num_hidden_layers: facts.layers,
    intermediate_size: inner,
    expand: inner / facts.number('embedding_length'),
    state_size: facts.number('ssm.state_size'),
    conv_kernel: facts.number('ssm.conv_kernel'),
    layer_norm_epsilon: facts.number('attention.layer_norm_rms_epsilon'),
    use_bias: facts.has('blk.0.ssm_in.bias'),
    use_conv_bias: facts.has('blk.0.ssm_conv1d.bias'),
    tie_word_embeddings: !facts.has('output.weight'),
    hidden_act: 'silu',
  };
}

const MAMBA: GgufArchitecture = {
  architecture: 'MambaForCausalLM',
  model_type: 'mamba',
  config: (facts) => ({ ...mambaConfig(facts), time_step_rank: facts.number('ssm.time_step_rank') }),
  outer: OUTER_OF_MAMBA,
  layers: 'backbone.layers',
  layer: { attn_norm: 'norm', ...mixer('mixer') },
};

const MAMBA2: GgufArchitecture = {
  architecture: 'Mamba2ForCausalLM',
  model_type: 'mamba2',
  config: (facts) => {
    // llama.cpp keeps the number of heads where Mamba has the rank of the steps.
    const heads = facts.number('ssm.time_step_rank');
    return {
      ...mambaConfig(facts),
      num_heads: heads,
      head_dim: facts.number('ssm.inner_size') / heads,
      n_groups: facts.number('ssm.group_count'),
    };
  },
  outer: OUTER_OF_MAMBA,
  layers: 'backbone.layers',
  layer: {
    attn_norm: 'norm',
    ...mixer('mixer'),
    ssm_a: { to: 'mixer.A_log', undo: FLAT_LOG },
    ssm_d: { to: 'mixer.D', undo: FLAT },
    'ssm_dt.bias': 'mixer.dt_bias',
    ssm_norm: { to: 'mixer.norm', undo: FLAT },
  },
};

const JAMBA: GgufArchitecture = {
  architecture: 'JambaForCausalLM',
  model_type: 'jamba',
  config: (facts) => {
    const layers = Array.from({ length: facts.layers }, (_, i) => i);
    const kv = facts.perLayer('attention.head_count_kv');
    const attention = spacing(
      layers.filter((layer) => kv[layer] > 0),
      facts.layers,
    );
    const experts = spacing(
      layers.filter((layer) => facts.has(`blk.${layer}.ffn_gate_inp.weight`)),
      facts.layers,
    );
    return {
      vocab_size: facts.shape('token_embd.weight')[0],
      hidden_size: facts.number('embedding_length'),
      num_hidden_layers: facts.layers,
      num_attention_heads: facts.number('attention.head_count'),
      num_key_value_heads: Math.max(...kv),
      intermediate_size: facts.number('feed_forward_length'),
      max_position_embeddings: facts.number('context_length'),
      rms_norm_eps: facts.number('attention.layer_norm_rms_epsilon'),
      attn_layer_period: attention.period,
      attn_layer_offset: attention.offset,
      expert_layer_period: experts.period,
      expert_layer_offset: experts.offset,
      num_experts: facts.number('expert_count', 1),
      num_experts_per_tok: facts.number('expert_used_count', 1),
      mamba_d_state: facts.number('ssm.state_size'),
      mamba_d_conv: facts.number('ssm.conv_kernel'),
      mamba_expand: facts.number('ssm.inner_size') / facts.number('embedding_length'),
      mamba_dt_rank: facts.number('ssm.time_step_rank'),
      mamba_conv_bias: true,
      mamba_proj_bias: false,
      tie_word_embeddings: !facts.has('output.weight'),
      hidden_act: 'silu',
    };
  },
  outer: { ...OUTER, output_norm: 'model.final_layernorm' },
  layer: {
    attn_norm: 'input_layernorm',
    ...mixer('mamba'),
    ssm_dt_norm: 'mamba.dt_layernorm',
    ssm_b_norm: 'mamba.b_layernorm',
    ssm_c_norm: 'mamba.c_layernorm',
    attn_q: 'self_attn.q_proj',
    attn_k: 'self_attn.k_proj',
    attn_v: 'self_attn.v_proj',
    attn_output: 'self_attn.o_proj',
    ffn_norm: 'pre_ff_layernorm',
    ffn_gate: FEED_FORWARD.ffn_gate.replace('mlp', 'feed_forward'),
    ffn_up: FEED_FORWARD.ffn_up.replace('mlp', 'feed_forward'),
    ffn_down: FEED_FORWARD.ffn_down.replace('mlp', 'feed_forward'),
    ffn_gate_inp: 'feed_forward.router',
    ffn_gate_exps: 'feed_forward.experts.{e}.gate_proj',
    ffn_up_exps: 'feed_forward.experts.{e}.up_proj',
    ffn_down_exps: 'feed_forward.experts.{e}.down_proj',
  },
};

/** Which layers are of a kind, as every so many of them; a single one, or none, as one of all. */
function spacing(chosen: readonly number[], layers: number): { period: number; offset: number } {
  const [first, second] = chosen;
  if (first === undefined) return { period: layers + 1, offset: layers };
  return { period: second === undefined ? layers : second - first, offset: first };
}

export const STATE_SPACES: GgufEntries = { mamba: MAMBA, mamba2: MAMBA2, jamba: JAMBA };
