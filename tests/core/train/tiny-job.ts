/** A small model and a few samples, ready to train. */
import { optimizedBy } from '../../../core/train/optimized.js';
import type { Sample } from '../../../core/contracts/template.js';
import { Decoder, type DecoderTraits } from '../../../core/nn/index.js';
import { SeededRandom } from '../../../core/data/index.js';
import { type LoopJob } from '../../../core/train/loop.js';
import type { TrainOptions } from '../../../core/train/options.js';
import { OnnxRuntimeBackend } from '../../../plugins/backends/onnxruntime/index.js';
import { AdamW } from '../../../plugins/optimizers/adamw.js';
import { PtTrainer } from '../../../plugins/trainers/pt.js';

export const TRAITS: DecoderTraits = {
  vocab_size: 32,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  head_dim: 8,
  intermediate_size: 24,
  max_position_embeddings: 64,
  norm_eps: 1e-5,
  rope_theta: 1e4,
  tie_word_embeddings: true,
  bias: { qkv: false, o: false, mlp: false },
};

export const OPTIONS: TrainOptions = {
  seed: 1,
  batch_size: 2,
  gradient_accumulation_steps: 2,
  num_train_epochs: 2,
  max_steps: -1,
  learning_rate: 1e-2,
  lr_scheduler_type: 'constant',
  warmup_ratio: 0,
  warmup_steps: 0,
  max_grad_norm: 1,
  optimizer_options: { adam_beta1: 0.9, adam_beta2: 0.95, adam_epsilon: 1e-8, weight_decay: 0 },
  logging_steps: 1,
  eval_strategy: 'steps',
  eval_steps: 1,
  save_strategy: 'no',
  save_steps: 1,
  save_only_model: false,
  metric_for_best_model: 'loss',
  greater_is_better: false,
  early_stop_interval: 0,
  neftune_noise_alpha: 0,
  residuals: 'save',
  compute_precision: 'fp32',
  memory_report: false,
  router_aux_loss_coef: 0,
} as const;

export const SAMPLES: readonly Sample[] = Array.from({ length: 6 }, (_, i) => {
  const ids = Array.from({ length: 5 + i }, (_, t) => 1 + ((i * 7 + t * 3) % 30));
  return { input_ids: ids, labels: ids };
});

export function job({
  traits = TRAITS,
  ...changes
}: Partial<LoopJob> & { options?: TrainOptions; traits?: DecoderTraits } = {}): LoopJob {
  const model = new Decoder(traits);
  const random = SeededRandom.seeded(9);
  for (const [name, parameter] of model.namedParameters()) {
    const draw = name.includes('norm') ? () => 1 : () => 0.1 * random.normal();
    parameter.data = Float32Array.from({ length: parameter.size }, draw);
    parameter.trainable = true;
  }
  return {
    model,
    backend: new OnnxRuntimeBackend(),
    trainer: optimizedBy(new PtTrainer(), {}),
    optimizer: new AdamW(),
    options: OPTIONS,
    data: { samples: SAMPLES },
    validation: SAMPLES.slice(0, 2),
    padTokenId: 0,
    observers: [],
    save: async () => undefined,
    ...changes,
  };
}
