import { expect, test } from 'vitest';
import { isIgnored } from '../../../core/model/ignored-tensors.js';

const config = { num_hidden_layers: 2, num_nextn_predict_layers: 1 };

test.each([
  'model.layers.0.self_attn.rotary_emb.inv_freq',
  'model.rotary_emb.cos_cached',
  'rotary_emb.sin_cached',
  'transformer.rotary_pos_emb.inv_freq',
  'h.0.attn.bias',
  'transformer.h.1.attn.masked_bias',
  'gpt_neox.layers.0.attention.bias',
  'mtp.layers.0.input_layernorm.weight',
  'model.mtp_layers.0.mlp.up_proj.weight',
  'model.mtp.norm.weight',
  'model.layers.2.eh_proj.weight',
])('%s is known to be of no use', (name) => {
  expect(isIgnored(name, config)).toBe(true);
});

test.each([
  'model.layers.1.eh_proj.weight',
  'model.layers.3.eh_proj.weight',
  'model.layers.0.self_attn.q_proj.bias',
  'model.layers.0.self_attn.c_attn.bias',
  'score.weight',
  'lm_head.bias',
  'model.vision.mtp.weight',
])('%s is not', (name) => {
  expect(isIgnored(name, config)).toBe(false);
});

test('layers after the last are extra only where the config says so; a family adds its own', () => {
  expect(isIgnored('model.layers.2.eh_proj.weight', { num_hidden_layers: 2 })).toBe(false);
  expect(isIgnored('score.weight', config, [/^score\./])).toBe(true);
});
