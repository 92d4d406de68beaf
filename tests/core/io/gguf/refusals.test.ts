/** What a GGUF file may say that is not read: refused by name, or said. */
import { expect, test } from 'vitest';
import { ggufFacts } from '../../../../core/io/gguf/facts.js';
import type { GgufArchitecture } from '../../../../core/io/gguf/architecture.js';
import { ggufTable } from '../../../../core/model/gguf-table.js';
import { plugins } from '../../../../parity/cases.js';
import type { GgufFile } from '../../../../core/io/gguf/file.js';
import type { GgufValue } from '../../../../core/io/gguf/cursor.js';
import { ggufTensors } from '../../../../core/io/gguf/tensors.js';

const TENSORS: Record<string, readonly number[]> = {
  'token_embd.weight': [64, 32],
  'output_norm.weight': [32],
  'blk.0.attn_q.weight': [32, 32],
};

const LLAMA = {
  block_count: 1,
  embedding_length: 32,
  feed_forward_length: 28,
  context_length: 128,
  'attention.head_count': 4,
  'attention.layer_norm_rms_epsilon': 1e-5,
};

/** A file that has shapes only. */
function fileOf(
  name: string,
  keys: Record<string, GgufValue>,
  tensors: Record<string, readonly number[]> = TENSORS,
): GgufFile {
  const metadata = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${name}.${key}`, value]));
  return {
    path: 'm.gguf',
    metadata,
    names: () => Object.keys(tensors),
    has: (tensor) => tensor in tensors,
    info: (tensor) => ({ dtype: 'F32', shape: tensors[tensor] }),
    readFloat32: (tensor) => Promise.resolve(new Float32Array(tensors[tensor][0]).fill(2)),
    readRow: () => Promise.resolve(new Float32Array()),
    close: () => Promise.resolve(),
  };
}

async function opened(name: string, keys: Record<string, GgufValue>, tensors = TENSORS) {
  const file = fileOf(name, keys, tensors);
  const facts = await ggufFacts(file, name);
  const chosen = (await ggufTable(plugins()).find(name))!;
  const entry: GgufArchitecture = typeof chosen === 'function' ? chosen(facts) : chosen;
  const names = [...ggufTensors(file, entry, facts).keys()];
  return { config: entry.config(facts), names, unread: facts.unread() };
}

test('a plain file', async () => {
  const { config, names, unread } = await opened('llama', { ...LLAMA, 'rope.scaling.type': 'none' });
  expect(config).toMatchObject({ hidden_size: 32, head_dim: 8, num_key_value_heads: 4, rope_scaling: null });
  expect(names).toEqual([
    'model.embed_tokens.weight',
    'model.norm.weight',
    'model.layers.0.self_attn.q_proj.weight',
  ]);
  expect(unread).toEqual([]);
});

test('keys that nothing asks for are told', async () => {
  const { unread } = await opened('llama', { ...LLAMA, 'attention.temperature': 2, vocab_size: 64 });
  expect(unread).toEqual(['llama.attention.temperature']);
});

test.each([
  ['llama', { 'rope.scaling.type': 'ntk', 'rope.scaling.factor': 4 }, /rotary positions by 'ntk'/],
  ['llama', { 'attention.key_length': 16, 'attention.value_length': 8 }, /keys of 16 and values of 8/],
  ['llama', { 'attention.head_count': [4, 2] }, /gives 'llama\.attention\.head_count' by layer/],
  [
    'deepseek',
    { expert_count: 4, expert_used_count: 2, expert_feed_forward_length: 8, expert_gating_func: 2 },
    /\(2\) that 'deepseek'/,
  ],
  ['olmo', { 'attention.layer_norm_epsilon': 1e-6 }, /norm epsilon of 0\.000001/],
  ['mamba', { 'ssm.dt_b_c_rms': true }, /norms what its steps are made of/],
] as const)('%s with %j is refused', async (name, keys, message) => {
  const { 'blk.0.attn_q.weight': _, ...outer } = TENSORS;
  await expect(opened(name, { ...LLAMA, ...keys } as Record<string, GgufValue>, outer)).rejects.toMatchObject(
    {
      code: expect.stringMatching(/^(UNSUPPORTED_MODEL|BAD_FILE)$/),
      message: expect.stringMatching(message),
    },
  );
});

test('frequencies that are not divided as Llama 3 divides them are refused', async () => {
  const tensors = { ...TENSORS, 'rope_freqs.weight': [4] };
  await expect(opened('llama', LLAMA, tensors)).rejects.toThrow("a way that is not Llama 3's");
});

test('tensors without a place are refused, a few by name', async () => {
  const tensors = { ...TENSORS, 'blk.0.toString.weight': [1], 'blk.0.ffn_gate_exps.weight': [2, 28, 32] };
  await expect(opened('llama', LLAMA, tensors)).rejects.toMatchObject({
    code: 'UNSUPPORTED_MODEL',
    message: expect.stringContaining(
      "'llama' is not read with: blk.0.toString.weight, blk.0.ffn_gate_exps.weight",
    ),
  });
});

test('a missing key is named', async () => {
  const { block_count: _, ...rest } = LLAMA;
  await expect(opened('llama', rest)).rejects.toMatchObject({
    code: 'BAD_FILE',
    message: expect.stringContaining("'llama.block_count'"),
  });
});
