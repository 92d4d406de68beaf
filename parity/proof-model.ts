/**
 * The model of the gradient proof: two layers whose rows whole groups of 32 and 64 divide, its values drawn by integer
 * arithmetic, so that every machine has the same. Quantized and bound the way a run does it.
 */
import { createHash } from 'node:crypto';
import type { LoraOptions } from '../plugins/tuners/lora/arguments.js';
import { SeededRandom } from '../core/data/random.js';
import { sizeOf, type Shape } from '../core/graph/index.js';
import type { TensorSource } from '../core/io/tensor-source.js';
import { bindWeights } from '../core/model/bind-weights.js';
import { WeightPlan, type WeightOptions } from '../core/model/weight-plan.js';
import { weightValues } from '../core/model/weight-values.js';
import type { CausalLM } from '../core/nn/index.js';
import { plugins } from './cases.js';
import { LORA as SMALL } from './lora-options.js';

/** `config.json` of the model; the embedding is tied or not by the case. */
export const PROOF_CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_act: 'silu',
  vocab_size: 96,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  max_position_embeddings: 1024,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  bos_token_id: 1,
  eos_token_id: 2,
} as const;

/** Every way to hold the weights, by name. */
export const PROOF_FORMATS = {
  f32: {},
  f16: { dtype: 'fp16' },
  bf16: { dtype: 'bf16' },
  int8: { quant_bits: 8, quant_method: 'rtn' },
  'int4-g32': { quant_bits: 4, quant_method: 'rtn', quant_group_size: 32 },
  'int4-g64': { quant_bits: 4, quant_method: 'rtn', quant_group_size: 64 },
  'nf4-g64': { quant_bits: 4, quant_method: 'bnb', quant_group_size: 64 },
  'int8-w8a8': { quant_bits: 8, quant_method: 'rtn', compute_precision: 'int8' },
} as const satisfies Record<string, WeightOptions>;

export type ProofFormat = keyof typeof PROOF_FORMATS;
export const HEADS = ['tied', 'untied'] as const;
export type ProofHead = (typeof HEADS)[number];

const LORA: LoraOptions = { ...SMALL, lora_rank: 4, lora_alpha: 8, lora_dropout: 0 };

export async function proofModel(format: ProofFormat, head: ProofHead): Promise<CausalLM> {
  const { instance } = await plugins().resolve('model', 'smollm2-135m');
  const model = instance.build({ ...PROOF_CONFIG, tie_word_embeddings: head === 'tied' });
  const plan = await WeightPlan.of(model, PROOF_FORMATS[format], plugins());
  const log = { info: () => {}, warn: () => {} };
  await bindWeights(model, drawnWeights(model), { place: 'the proof', plan, log });
  return model;
}

/** The model with every parameter trained. */
export async function fullProof(head: ProofHead): Promise<CausalLM> {
  const model = await proofModel('f32', head);
  for (const [, parameter] of model.namedParameters()) parameter.trainable = true;
  return model;
}

/** The model with LoRA on every linear layer of its blocks, B away from zero so that A has a gradient. */
export async function loraProof(format: ProofFormat, head: ProofHead): Promise<CausalLM> {
  const model = await proofModel(format, head);
  const { instance } = await plugins().resolve('tuner', 'lora');
  const random = SeededRandom.seeded(2);
  await instance.apply(model, LORA, random);
  for (const [name, parameter] of model.namedParameters()) {
    if (name.includes('lora_B')) parameter.data = uniform(random, parameter.size, 0.3);
  }
  return model;
}

/** The same model with its dequantized values in float32. */
export function widened(model: CausalLM): CausalLM {
  for (const [, parameter] of model.namedParameters()) parameter.data = weightValues(parameter);
  return model;
}

/** SHA-256 of every value the model computes with, dequantized, in the order of its names. */
export function valuesHash(model: CausalLM): string {
  const hash = createHash('sha256');
  for (const [name, parameter] of model.namedParameters()) {
    const { buffer, byteOffset, byteLength } = weightValues(parameter);
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** Weights large enough that every part matters to the loss. */
function drawnWeights(model: CausalLM): TensorSource {
  const random = SeededRandom.seeded(1);
  const tensors = new Map<string, { shape: Shape; data: Float32Array }>();
  for (const [name, { shape }] of model.namedParameters()) {
    const isNorm = shape.length === 1;
    const spread = name.includes('embed') ? 0.4 : isNorm ? 0.5 : 2.2 / Math.sqrt(shape[1]);
    const data = uniform(random, sizeOf(shape), spread);
    tensors.set(name, { shape, data: isNorm ? data.map((value) => 1 + value) : data });
  }
  return {
    names: () => [...tensors.keys()],
    has: (name) => tensors.has(name),
    info: (name) => ({ dtype: 'F32', shape: tensors.get(name)!.shape }),
    readFloat32: (name) => Promise.resolve(tensors.get(name)!.data.slice()),
    close: () => Promise.resolve(),
  };
}

/** Uniform in ±spread. */
function uniform(random: SeededRandom, length: number, spread: number): Float32Array {
  return Float32Array.from({ length }, () => spread * (2 * random.uniform() - 1));
}
