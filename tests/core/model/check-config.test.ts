import { expect, test } from 'vitest';
import { checkConfig } from '../../../core/model/check-config.js';
import type { ModelConfig } from '../../../core/contracts/model-loader.js';

const check = (config: object) => checkConfig(config as ModelConfig, 'm/config.json');

test.each<[object, RegExp]>([
  [{ architectures: 'LlamaForCausalLM' }, /m\/config\.json has 'architectures' that is not a list of names/],
  [{ architectures: [null] }, /'architectures' that is not a list/],
  [{ architectures: { 0: 'x' } }, /'architectures' that is not a list/],
  [{ model_type: 5 }, /'model_type' that is not a text/],
  [{ num_hidden_layers: 1_000_000 }, /'num_hidden_layers' that is not at most 5000/],
  [{ n_layer: 1e300 }, /'n_layer' that is not at most 5000/],
])('%j is refused', (config, message) => {
  expect(() => check(config)).toThrow(
    expect.objectContaining({ code: 'BAD_FILE', message: expect.stringMatching(message) }),
  );
});

test.each([{}, { architectures: null, model_type: null }, { architectures: ['A'], num_hidden_layers: 126 }])(
  '%j passes',
  (config) => {
    expect(check(config)).toBe(config);
  },
);
