import { expect, test } from 'vitest';
import { Decoder, type DecoderTraits } from '../../../core/nn/index.js';
import { backendOf } from '../../../parity/cases.js';
import { batchOf, greedyIds, logitsOf } from '../../../parity/compute.js';

const TRAITS: DecoderTraits = {
  vocab_size: 8,
  hidden_size: 8,
  max_position_embeddings: 16,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  num_key_value_heads: 1,
  head_dim: 8,
  intermediate_size: 8,
  norm_eps: 1e-6,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  bias: { qkv: false, o: false, mlp: false },
};

function decoder(traits: Partial<DecoderTraits>): Decoder {
  const model = new Decoder({ ...TRAITS, ...traits });
  for (const [, parameter] of model.namedParameters())
    parameter.data = Float32Array.from({ length: parameter.size }, (_, i) => Math.sin(7 * i + 1));
  return model;
}

test('unused ids are never predicted, the others have the logits they had', async () => {
  const backend = await backendOf('reference');
  const ids = [1, 2, 3];
  const batch = batchOf([{ input_ids: ids, labels: ids }]);
  const plain = await logitsOf(decoder({}), backend, batch);
  const [favourite] = await greedyIds(decoder({}), backend, [ids], 1);
  const model = decoder({ logits: { unused: favourite } });
  const masked = await logitsOf(model, backend, batch);
  const isUnused = (_: number, i: number): boolean => i % 8 === favourite[0];
  expect(masked.filter(isUnused).every((logit) => logit < -1e29)).toBe(true);
  expect(masked.filter((_, i) => !isUnused(_, i))).toEqual(plain.filter((_, i) => !isUnused(_, i)));
  expect(await greedyIds(model, backend, [ids], 1)).not.toEqual([favourite]);
});

test('rows of sparse attention hold one sample each', () => {
  expect(decoder({}).packs).toBe(true);
  expect(decoder({ sparse: () => [4, 1, 1] }).packs).toBe(false);
});
