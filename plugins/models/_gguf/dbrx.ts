/** DBRX of Databricks: all experts in matrices, one below the other. */
import { commonConfig, fixedEpsilon, type GgufEntries, reshaped, TRANSPOSED, type Undo } from 'swift-ts/gguf';

const BELOW_EACH_OTHER = reshaped(([experts, rows, columns]) => [experts * rows, columns]);

/** Down is used as it is stored, where the file has it as others have. */
const DOWN: Undo = {
  shape: ([[experts, rows, columns]]) => [experts * columns, rows],
  values: TRANSPOSED.values,
};

export const DBRX: GgufEntries = {
  dbrx: {
    architecture: 'DbrxForCausalLM',
    model_type: 'dbrx',
    config: (facts) => {
      const config = commonConfig(facts);
      return {
        ...fixedEpsilon(facts),
        vocab_size: config.vocab_size,
        d_model: config.hidden_size,
        n_layers: config.num_hidden_layers,
        n_heads: config.num_attention_heads,
        max_seq_len: config.max_position_embeddings,
        tie_word_embeddings: config.tie_word_embeddings,
        attn_config: {
          kv_n_heads: config.num_key_value_heads,
          rope_theta: config.rope_theta,
          clip_qkv: facts.optional('attention.clamp_kqv'),
        },
        ffn_config: {
          ffn_hidden_size: facts.number('feed_forward_length'),
          moe_num_experts: facts.number('expert_count'),
          moe_top_k: facts.number('expert_used_count'),
          moe_normalize_expert_weights: 1,
        },
        bos_token_id: config.bos_token_id,
        eos_token_id: config.eos_token_id,
      };
    },
    outer: { token_embd: 'transformer.wte', output_norm: 'transformer.norm_f', output: 'lm_head' },
    layers: 'transformer.blocks',
    layer: {
      attn_norm: 'norm_attn_norm.norm_1',
      attn_qkv: 'norm_attn_norm.attn.Wqkv',
      attn_output: 'norm_attn_norm.attn.out_proj',
      attn_output_norm: 'norm_attn_norm.norm_2',
      ffn_gate_inp: 'ffn.router.layer',
      'ffn_gate_exps.weight': { to: 'ffn.experts.mlp.w1', undo: BELOW_EACH_OTHER },
      'ffn_up_exps.weight': { to: 'ffn.experts.mlp.v1', undo: BELOW_EACH_OTHER },
      'ffn_down_exps.weight': { to: 'ffn.experts.mlp.w2', undo: DOWN },
    },
  },
};
