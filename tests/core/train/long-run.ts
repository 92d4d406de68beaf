/** Trains for 2,000 steps and prints what the process holds after step 300 and at the end; started by `memory.test.ts`. */
import { optimizedBy } from '../../../core/train/optimized.js';
import { setImmediate } from 'node:timers/promises';
import type { Backend, Executable } from '../../../core/contracts/backend.js';
import { SeededRandom } from '../../../core/data/index.js';
import { Decoder, type DecoderTraits } from '../../../core/nn/index.js';
import { runLoop } from '../../../core/train/loop.js';
import { OnnxRuntimeBackend } from '../../../plugins/backends/onnxruntime/index.js';
import { AdamW } from '../../../plugins/optimizers/adamw.js';
import { PtTrainer } from '../../../plugins/trainers/pt.js';
import { Lora } from '../../../plugins/tuners/lora/index.js';
import { LORA } from '../../../parity/lora-options.js';
import { OPTIONS } from './tiny-job.js';

const WARM_UP = 300;
const STEPS = 2000;
const TRAITS: DecoderTraits = {
  vocab_size: 32,
  hidden_size: 32,
  num_hidden_layers: 2,
  intermediate_size: 48,
  head_dim: 16,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 1024,
  norm_eps: 1e-5,
  rope_theta: 1e4,
  tie_word_embeddings: true,
  bias: { qkv: false, o: false, mlp: false },
};

/** Counts the graphs that are compiled, and those not released. */
class CountingBackend implements Backend {
  alive = 0;
  compiled = 0;
  private readonly backend = new OnnxRuntimeBackend();

  async compile(...wanted: Parameters<Backend['compile']>): Promise<Executable> {
    const executable = await this.backend.compile(...wanted);
    this.compiled++;
    this.alive++;
    return {
      run: (inputs, into) => executable.run(inputs, into),
      release: () => {
        this.alive--;
        return executable.release();
      },
    };
  }

  describe(): Promise<string> {
    return this.backend.describe();
  }
}

const random = SeededRandom.seeded(9);
const model = new Decoder(TRAITS);
for (const [, parameter] of model.namedParameters())
  parameter.data = Float32Array.from({ length: parameter.size }, () => 0.1 * random.normal());
new Lora().apply(model, LORA, random);

/** Rows of eight lengths, 64 to 688 tokens: as many as plans are kept. */
const samples = Array.from({ length: 100 }, (_, i) => {
  const length = i < 4 ? 300 + 125 * i : 20 + random.below(190);
  const ids = Array.from({ length }, () => random.below(TRAITS.vocab_size));
  return { input_ids: ids, labels: ids };
});

const backend = new CountingBackend();
await runLoop({
  model,
  backend,
  trainer: optimizedBy(new PtTrainer(), {}),
  optimizer: new AdamW(),
  data: { samples },
  padTokenId: 0,
  validation: samples.slice(10, 12),
  options: {
    ...OPTIONS,
    batch_size: 1,
    gradient_accumulation_steps: 1,
    num_train_epochs: 1,
    max_steps: STEPS,
    learning_rate: 1e-3,
    eval_steps: 100,
  },
  observers: [
    {
      onStep: async ({ state: { global_step } }) => {
        if (global_step !== WARM_UP && global_step !== STEPS) return;
        // What is collected in one pass gives its memory back in the next.
        for (let pass = 0; pass < 3; pass++) {
          gc!();
          await setImmediate();
        }
        const { rss, arrayBuffers } = process.memoryUsage();
        const { alive, compiled } = backend;
        console.log(JSON.stringify({ rss, arrayBuffers, alive, compiled }));
      },
    },
  ],
  save: async () => undefined,
});
