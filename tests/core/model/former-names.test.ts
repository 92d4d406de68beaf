import { expect, test } from 'vitest';
import type { TensorSource } from '../../../core/io/tensor-source.js';
import { withoutFormerNames } from '../../../core/model/former-names.js';
import { plugins } from '../../../parity/cases.js';

function holding(...names: string[]): TensorSource {
  return {
    names: () => names,
    has: (name) => names.includes(name),
    info: (name) => ({ name, dtype: 'F32', shape: [names.indexOf(name)] }) as never,
    readFloat32: (name) => Promise.resolve(new Float32Array([names.indexOf(name)])),
    close: () => Promise.resolve(),
  };
}

/** Names as Transformers saved them over time, and in memory. */
const FAMILIES: Readonly<Record<string, readonly (readonly [now: string, ...former: string[]])[]>> = {
  'qwen2-vl-2b': [
    ['model.visual.blocks.0.norm1.weight', 'visual.blocks.0.norm1.weight'],
    ['model.visual.merger.ln_q.weight', 'visual.merger.ln_q.weight'],
    ['model.language_model.layers.0.mlp.up_proj.weight', 'model.layers.0.mlp.up_proj.weight'],
    ['model.language_model.embed_tokens.weight', 'model.embed_tokens.weight'],
    ['lm_head.weight'],
  ],
  'llava1_5-7b-instruct': [
    [
      'model.vision_tower.encoder.layers.0.layer_norm1.weight',
      'vision_tower.vision_model.encoder.layers.0.layer_norm1.weight',
      'model.vision_tower.vision_model.encoder.layers.0.layer_norm1.weight',
      'vision_tower.encoder.layers.0.layer_norm1.weight',
    ],
    ['model.multi_modal_projector.linear_1.weight', 'multi_modal_projector.linear_1.weight'],
    ['model.language_model.norm.weight', 'language_model.model.norm.weight'],
    ['lm_head.weight', 'language_model.lm_head.weight'],
  ],
  'qwen2-audio-7b': [
    ['model.audio_tower.conv1.weight', 'audio_tower.conv1.weight'],
    ['model.multi_modal_projector.linear.weight', 'multi_modal_projector.linear.weight'],
    ['model.language_model.norm.weight', 'language_model.model.norm.weight'],
    ['lm_head.weight', 'language_model.lm_head.weight'],
  ],
};

test.each(Object.entries(FAMILIES))(
  '%s is read under every name that its tensors had',
  async (id, tensors) => {
    const { meta } = await plugins().resolve('model', id);
    const ages = Math.max(...tensors.map((names) => names.length));
    for (let age = 0; age < ages; age++) {
      const files = tensors.map((names) => names[Math.min(age, names.length - 1)]);
      const { source, stored } = withoutFormerNames(holding(...files), meta.former_names);
      expect(source.names()).toEqual(tensors.map(([now]) => now));
      for (const [i, [now]] of tensors.entries()) {
        expect(source.has(now)).toBe(true);
        expect(source.info(now).shape).toEqual([i]);
        expect([...(await source.readFloat32(now))]).toEqual([i]);
        expect(stored.get(now) ?? now).toBe(files[i]);
      }
    }
  },
);
