/**
 * From llama.cpp's tensor names to Hugging Face's, for the architectures whose weights it stores one to one.
 * The names: `gguf-py/gguf/tensor_mapping.py` and `constants.py` of llama.cpp.
 */

/** Architectures (`general.architecture`) that can be read, and how each differs. */
export const GGUF_ARCHITECTURES: Readonly<Record<string, GgufArchitecture>> = {
  llama: { model_type: 'llama', architecture: 'LlamaForCausalLM', permuted: true },
  qwen2: { model_type: 'qwen2', architecture: 'Qwen2ForCausalLM', permuted: false },
  qwen3: { model_type: 'qwen3', architecture: 'Qwen3ForCausalLM', permuted: false },
};

export interface GgufArchitecture {
  readonly model_type: string;
  readonly architecture: string;
  /** Whether the rows of q and k are interleaved for llama.cpp's own rotary embedding. */
  readonly permuted: boolean;
}

const OUTER: Readonly<Record<string, string>> = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
};

const BLOCK: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};

/** Holds the rotary frequencies' divisors, which Hugging Face derives from `rope_scaling`. */
export const ROPE_FACTORS = 'rope_freqs.weight';

/** `blk.3.attn_q.weight` -> `model.layers.3.self_attn.q_proj.weight`; undefined for a tensor with no counterpart. */
export function huggingFaceName(name: string): string | undefined {
  const match = /^(?:blk\.(\d+)\.)?(\w+)\.(weight|bias)$/.exec(name);
  if (!match) return undefined;
  const [, layer, part, kind] = match;
  const names = layer === undefined ? OUTER : BLOCK;
  if (!Object.hasOwn(names, part)) return undefined;
  return layer === undefined ? `${OUTER[part]}.${kind}` : `model.layers.${layer}.${BLOCK[part]}.${kind}`;
}

/** Which of q and k a tensor is: only their rows are permuted. */
export function rotaryRole(name: string): 'q' | 'k' | undefined {
  const match = /^blk\.\d+\.attn_([qk])\.(?:weight|bias)$/.exec(name);
  return match ? (match[1] as 'q' | 'k') : undefined;
}

/**
 * Undoes llama.cpp's permutation of q and k: within each head it stores the two halves of the rotary pairs
 * interleaved (0, d/2, 1, d/2 + 1, ...), Hugging Face one after the other.
 * @param data `[heads * headDim, columns]` row-major; a bias has one column
 */
export function unpermuteRows(data: Float32Array, rows: number, heads: number): Float32Array {
  const result = new Float32Array(data.length);
  const columns = data.length / rows;
  const headDim = rows / heads;
  const half = headDim / 2;
  for (let row = 0; row < rows; row++) {
    const inHead = row % headDim;
    const source = row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    result.set(data.subarray(source * columns, (source + 1) * columns), row * columns);
  }
  return result;
}
