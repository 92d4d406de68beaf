import { argmax } from '../../core/infer/sampling.js';
import { Decoder, type CausalLM } from '../../core/nn/index.js';
import { GenerateEngine } from '../../core/runtime/generate-engine.js';
import { services } from '../../core/sdk/default-services.js';
import { Model } from '../../core/sdk/swift.js';
import type { FormatName } from './formats.js';
import { GemmPeak } from './gemm.js';
import { randomModel, randomRow } from './random-model.js';
import { median, peakMemory, type BenchRow } from './row.js';
import { decodeFlops, SHAPES, type ShapeName } from './shapes.js';

export interface DecodeBench {
  readonly shape: ShapeName;
  readonly format: FormatName;
  /** A file with real weights of that shape, which are quantized anew to int4 in groups of 32; random ones when absent. */
  readonly gguf?: string;
  readonly batch: number;
  /** Positions filled before the first measured token. */
  readonly seq: number;
  readonly steps: number;
}

/** Tokens before the first that is timed: graphs are compiled and memory is touched first. */
export const WARM_UP_TOKENS = 3;

/** Greedy decoding, token by token, behind a prompt of `seq` tokens per row. */
export async function benchDecode(bench: DecodeBench): Promise<BenchRow> {
  const { shape, format, gguf, batch, seq, steps } = bench;
  const traits = SHAPES[shape];
  const backend = await services().backend();
  const engine = new GenerateEngine(
    backend,
    gguf ? await quantizedAnew(gguf) : await randomModel(new Decoder(traits), format),
  );
  const peak = await GemmPeak.open(backend);
  const { input_ids } = randomRow(traits, seq);
  const rate = await peak.measure();
  const prompts = Array.from({ length: batch }, () => ({ ids: [...input_ids] }));
  const admitted = await engine.admit(prompts, steps + WARM_UP_TOKENS);
  let logits = new Map(admitted.map((one) => [one.slot, one.logits]));
  const times: number[] = [];
  for (let step = 0; step < WARM_UP_TOKENS + steps; step++) {
    const started = performance.now();
    logits = await engine.step(new Map([...logits].map(([slot, own]) => [slot, argmax(own)])));
    if (step >= WARM_UP_TOKENS) times.push(performance.now() - started);
  }
  const step_ms = median(times);
  return {
    name: gguf ? 'GGUF file decode' : `${shape} decode`,
    mode: 'greedy',
    dtype: gguf ? 'int4 g32, re-quantized from the file' : format,
    batch,
    seq,
    step_ms,
    tokens_per_s: (1000 * batch) / step_ms,
    mfu: (batch * decodeFlops(traits)) / step_ms / 1e6 / rate,
    rss_gb: peakMemory(),
    gemm_gflops: rate,
  };
}

async function quantizedAnew(gguf: string): Promise<CausalLM> {
  const options = { quant_bits: 4, quant_method: 'rtn', quant_group_size: 32 };
  return (await Model.fromPretrained(gguf, options)).loaded.model;
}
