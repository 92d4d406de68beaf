import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SeededRandom } from '../../core/data/index.js';
import { WARM_UP_TOKENS } from './decode.js';
import { median, peakMemory, type BenchRow } from './row.js';

/** What is used of node-llama-cpp 3, which is installed by hand, beside the project. */
interface LlamaLibrary {
  getLlama(options: { gpu: false; build: 'never'; maxThreads: number; logLevel: string }): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      readonly trainContextSize: number;
      createContext(options: { contextSize: number; threads: number }): Promise<{
        getSequence(): {
          evaluate(
            tokens: readonly number[],
            options: { temperature: 0; yieldEogToken: true },
          ): AsyncGenerator<number>;
        };
      }>;
    }>;
  }>;
}

export interface LlamaBench {
  /** Folder `node_modules` that holds node-llama-cpp. */
  readonly packages: string;
  readonly gguf: string;
  readonly seq: number;
  readonly steps: number;
}

const THREADS = 2;
/** Ids of the prompt: ordinary tokens of any vocabulary. */
const PROMPT_IDS = 1000;

export function llamaEntry(packages: string): string {
  return join(packages, 'node-llama-cpp', 'dist', 'index.js');
}

/** Why llama.cpp cannot take part; undefined when it can. */
export function llamaMissing(packages?: string, gguf?: string): string | undefined {
  if (packages === undefined || !existsSync(llamaEntry(packages)))
    return 'npm install node-llama-cpp in a folder of its own and set SWIFT_PEERS_NODE_MODULES to its node_modules';
  if (gguf === undefined || !existsSync(gguf)) return 'set SWIFT_PEERS_GGUF to a GGUF file of SmolLM2-135M';
  return undefined;
}

/** Greedy decoding by llama.cpp behind a prompt of `seq` tokens; its own quantized weights, two threads. */
export async function benchLlama({ packages, gguf, seq, steps }: LlamaBench): Promise<BenchRow> {
  const { getLlama } = (await import(pathToFileURL(llamaEntry(packages)).href)) as LlamaLibrary;
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: THREADS, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: gguf });
  const context = await model.createContext({ contextSize: seq + 2 * steps, threads: THREADS });
  const random = SeededRandom.seeded(2, seq);
  const prompt = Array.from({ length: seq }, () => 100 + random.below(PROMPT_IDS));
  const times: number[] = [];
  let last = 0;
  let step = 0;
  for await (const _ of context.getSequence().evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    const now = performance.now();
    if (step > WARM_UP_TOKENS) times.push(now - last);
    last = now;
    if (step++ === WARM_UP_TOKENS + steps) break;
  }
  const step_ms = median(times);
  return {
    name: 'llama.cpp decode',
    mode: 'greedy',
    dtype: gguf.replace(/^.*\.(?=[^.]+\.gguf$)/, '').replace('.gguf', ''),
    batch: 1,
    seq,
    step_ms,
    tokens_per_s: 1000 / step_ms,
    rss_gb: peakMemory(),
  };
}
