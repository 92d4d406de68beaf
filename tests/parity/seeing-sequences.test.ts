/** Models that see and read, against what the oracle of the model that writes says at the last token of the same prompts. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sample } from '../../core/contracts/template.js';
import { openSafetensors } from '../../core/io/safetensors/index.js';
import { withoutFormerNames } from '../../core/model/former-names.js';
import { addHeads } from '../../core/model/task-heads.js';
import type { CausalLM } from '../../core/nn/index.js';
import { SequenceReader } from '../../core/sdk/sequence-reader.js';
import { backendOf, fixture, plugins, readJson, type Tensors } from '../../parity/cases.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';
import { loadMultimodal } from '../../parity/multimodal-case.js';

const backend = await backendOf('onnxruntime');

/** A case's model as another family has it, and what the oracle says. */
async function load(family: string, id: string) {
  const { expected, samples } = await loadMultimodal(id);
  const { instance, meta } = await plugins().resolve('model', family);
  const folder = fixture('multimodal', id);
  const model = instance.build(readJson(join(folder, 'config.json')));
  const file = await openSafetensors(join(folder, 'model.safetensors'));
  const { source } = withoutFormerNames(file, meta.former_names);
  for (const [name, parameter] of model.namedParameters()) parameter.data = await source.readFloat32(name);
  const head = await source.readFloat32('lm_head.weight');
  await file.close();
  return { model, samples, head, last: lastLogits(expected) };
}

/** What is said behind each sample. */
function lastLogits(expected: Tensors): Float32Array[] {
  const all = [...expected].filter(([name]) => name.startsWith('logits.'));
  return all.sort(([a], [b]) => a.localeCompare(b)).map(([, values]) => values.subarray(-96));
}

async function read(model: CausalLM, samples: readonly Sample[], name: 'pooled' | 'score') {
  const reader = new SequenceReader(model, backend);
  const found = await reader.read(samples, name);
  await reader.release();
  return found;
}

/** weight [out, in] */
function times(weight: Float32Array, x: Float32Array, bias?: Float32Array): Float32Array {
  return Float32Array.from({ length: weight.length / x.length }, (_, row) =>
    x.reduce((sum, value, i) => sum + value * weight[row * x.length + i], bias?.[row] ?? 0),
  );
}

test.each([
  ['qwen3-vl-embedding-2b', 'qwen3_vl'],
  ['gme-qwen2-vl-2b-instruct', 'qwen2_vl'],
])('%s reads its vectors where %s says its next word', async (family, id) => {
  const { model, samples, head, last } = await load(family, id);
  expect(model.writes).toBe(false);
  const vectors = await read(model, samples, 'pooled');
  vectors.forEach((vector, i) =>
    expect(largestDifference(times(head, vector), last[i])).toBeLessThanOrEqual(20 * TOLERANCE.logits),
  );
});

test('qwen3-vl-reranker-2b scores by how much likelier yes is than no', async () => {
  const { model, samples, last } = await load('qwen3-vl-reranker-2b', 'qwen3_vl');
  model.verdict = [7, 9];
  const scores = await read(model, samples, 'score');
  scores.forEach(([score], i) => expect(score).toBeCloseTo(last[i][7] - last[i][9], 3));
});

test('jina-reranker-m0 scores the last state by two layers, 2.65 lower', async () => {
  const { model, samples } = await load('jina-reranker-m0', 'qwen2_vl');
  const states = await read(model, samples, 'pooled');
  addHeads(model, { score: 1 });
  const own = new Map([...model.namedParameters()].filter(([name]) => name.startsWith('score.')));
  expect([...own.keys()]).toEqual(['score.0.weight', 'score.0.bias', 'score.2.weight', 'score.2.bias']);
  for (const parameter of own.values())
    parameter.data = Float32Array.from(
      { length: parameter.size },
      (_, i) => Math.sin(i + parameter.size) / 4,
    );
  const of = (name: string): Float32Array => own.get(`score.${name}`)!.data as Float32Array;
  const scores = await read(model, samples, 'score');
  scores.forEach(([score], i) => {
    const inner = times(of('0.weight'), states[i], of('0.bias')).map((value) => Math.max(0, value));
    expect(score).toBeCloseTo(times(of('2.weight'), inner, of('2.bias'))[0] - 2.65, 3);
  });
});
