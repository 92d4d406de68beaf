import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/random.js';
import { roleOf, type CausalLM, type Role } from '../../../core/nn/index.js';
import type { FreezeOptions } from '../../../plugins/tuners/_roles.js';
import { LORA } from '../../../parity/lora-options.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { loadMultimodal } from '../../../parity/multimodal-case.js';
import { logitsDistance } from '../../../parity/multimodal-measure.js';

const FREEZES: readonly (readonly [FreezeOptions, readonly Role[]])[] = [
  [{ freeze_vit: true, freeze_aligner: true, freeze_llm: false }, ['llm']],
  [{ freeze_vit: true, freeze_aligner: false, freeze_llm: true }, ['aligner']],
  [{ freeze_vit: false, freeze_aligner: true, freeze_llm: true }, ['vit']],
  [{ freeze_vit: false, freeze_aligner: false, freeze_llm: false }, ['aligner', 'llm', 'vit']],
];
const FULL = {
  freeze_parameters: [],
  freeze_parameters_ratio: 0,
  additional_trainable_parameters: [],
  lisa_activated_layers: 0,
  lisa_step_interval: 20,
};

const tunerOf = async (id: string) => (await plugins().resolve('tuner', id)).instance;
const rolesThatTrain = (model: CausalLM): Role[] => {
  const names = [...model.namedParameters()].filter(([, { trainable }]) => trainable).map(([name]) => name);
  return [...new Set(names.map((name) => roleOf(model, name)))].sort();
};

describe.each(['qwen2_vl', 'llava'])('%s', (id) => {
  test.each(FREEZES)('full tuning with %o', async (freeze, roles) => {
    const { model, oracle } = await loadMultimodal(id);
    await (await tunerOf('full')).apply(model, { ...FULL, ...freeze }, SeededRandom.seeded(1));
    expect(rolesThatTrain(model)).toEqual(roles);
    const still = [...model.namedParameters()]
      .filter(([, { trainable }]) => !trainable)
      .map(([name]) => name);
    if (roles.length === 3) expect(still.sort()).toEqual([...oracle.idle].sort());
  });

  test.each(FREEZES)(
    'an adapter on all linear layers with %o, which its file tells',
    async (freeze, roles) => {
      const { model } = await loadMultimodal(id);
      const tuner = await tunerOf('lora');
      tuner.check!(model, { ...LORA, ...freeze });
      await tuner.apply(model, { ...LORA, ...freeze }, SeededRandom.seeded(1));
      expect(rolesThatTrain(model)).toEqual(roles);
      const files = tuner.adapter!(model, 'base');
      expect(files.tensors.some(({ name }) => name.includes('lm_head'))).toBe(false);
      const again = await loadMultimodal(id);
      const other = await tunerOf('lora');
      await other.load!(again.model, files);
      const names = (one: CausalLM) => [...one.namedParameters()].map(([name]) => name);
      expect(names(again.model)).toEqual(names(model));
    },
  );

  test('nothing is left to adapt where all is frozen', async () => {
    const { model } = await loadMultimodal(id);
    const all = { freeze_vit: true, freeze_aligner: true, freeze_llm: true };
    const tuner = await tunerOf('lora');
    expect(() => tuner.check!(model, { ...LORA, ...all })).toThrow(/every part of the model is frozen/);
  });
});

test.each([
  ['cogvlm2', ['mlp.vision_mlp.up_proj', 'self_attn.vision_expert_dense', 'vision.linear_proj.gate_proj']],
  ['xcomposer2', ['attention.wqkv', 'feed_forward.w2', 'vision_proj.0']],
  ['molmo', ['blocks.1.att_proj', 'blocks.0.ff_out', 'image_pooling_2d.wq']],
])('%s: an adapter has a place at every layer, those for features alone among them', async (id, some) => {
  const freeze = { freeze_vit: false, freeze_aligner: false };
  const loaded = await loadMultimodal(id);
  const tuner = await tunerOf('lora');
  await tuner.apply(loaded.model, { ...LORA, ...freeze }, SeededRandom.seeded(1));
  const files = tuner.adapter!(loaded.model, 'base');
  for (const name of some)
    expect(files.tensors.some((one) => one.name.endsWith(`.${name}.lora_B.weight`))).toBe(true);
  const [sample] = loaded.samples;
  expect(await logitsDistance(loaded, [[sample]], await backendOf('onnxruntime'))).toBeLessThan(1e-4);
  const again = await loadMultimodal(id);
  await (
    await tunerOf('lora')
  ).load!(again.model, files);
  const names = (one: CausalLM) => [...one.namedParameters()].map(([name]) => name);
  expect(names(again.model)).toEqual(names(loaded.model));
});

test('a language model alone has no other parts to freeze', async () => {
  const { model } = await loadCase(parityCase('llama3'));
  for (const id of ['full', 'lora']) {
    const options = { ...FULL, ...LORA, freeze_vit: false };
    const tuner = await tunerOf(id);
    expect(() => tuner.apply(model, options, SeededRandom.seeded(1))).toThrow(
      /--freeze_vit false: the model is a language model alone/,
    );
  }
});
