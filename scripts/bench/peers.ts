/** `npm run bench -- peers`: PyTorch + PEFT and llama.cpp beside this project, taking turns on the same machine. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DecodeBench } from './decode.js';
import { llamaMissing, type LlamaBench } from './peer-llama.js';
import type { DpoBench } from './preferences.js';
import { runOne } from './run-one.js';
import { markdownTable, median, printTable, type BenchRow } from './row.js';
import { decodeFlops, SHAPES, usefulFlops } from './shapes.js';
import type { TrainBench } from './train.js';

/** A configuration of scripts/bench/peer_torch.py. */
interface TorchBench {
  readonly mode: 'lora' | 'full' | 'dpo' | 'decode';
  readonly torch: 'fp32' | 'bf16';
  readonly batch: number;
  readonly seq: number;
  readonly steps: number;
  /** Only in the first round. */
  readonly once?: true;
}

/** Measurements of one task, each of ours compared with each peer's. */
interface Comparison {
  readonly title: string;
  /** How often every process takes its turn. */
  readonly rounds: number;
  readonly ours: readonly (TrainBench | DecodeBench | DpoBench)[];
  readonly peers: readonly (TorchBench | LlamaBench)[];
}

/** Medians over the rounds. */
interface ComparedRow extends BenchRow {
  /** Processes, and measured steps of each. */
  readonly rounds: number;
  readonly steps: number;
}

interface Result {
  readonly title: string;
  readonly ours: readonly ComparedRow[];
  readonly peers: readonly ComparedRow[];
}

const LORA_RANK = 8;
const { SWIFT_PEERS_PYTHON: PYTHON = 'python3', SWIFT_PEERS_NODE_MODULES, SWIFT_PEERS_GGUF } = process.env;
const TORCH_SCRIPT = fileURLToPath(new URL('../../../scripts/bench/peer_torch.py', import.meta.url));

const train: TrainBench = {
  shape: 'smollm2-135m',
  tuner: 'lora',
  format: 'f32',
  precision: 'fp32',
  residuals: 'save',
  offload: false,
  batch: 1,
  seq: 512,
  steps: 5,
};
const decode: DecodeBench = { shape: 'smollm2-135m', format: 'f32', batch: 1, seq: 512, steps: 80 };
const lora: TorchBench = { mode: 'lora', torch: 'fp32', batch: 1, seq: 512, steps: 5 };
const torchDecode: TorchBench = { ...lora, mode: 'decode', steps: 80 };

/** Without bf16 instructions a CPU takes minutes for what others do in seconds: one step, once, then. */
const COMPARISONS: readonly Comparison[] = [
  {
    title: 'LoRA 4x512',
    rounds: 1,
    ours: [{ ...train, batch: 4, steps: 2 }],
    peers: [{ ...lora, batch: 4, steps: 2 }],
  },
  {
    title: 'LoRA 1x512',
    rounds: 2,
    ours: [train, { ...train, format: 'int8', precision: 'int8' }],
    peers: [lora, { ...lora, torch: 'bf16', steps: 1, once: true }],
  },
  {
    title: 'LoRA 1x2048',
    rounds: 1,
    ours: [{ ...train, seq: 2048, steps: 2 }],
    peers: [{ ...lora, seq: 2048, steps: 2 }],
  },
  { title: 'Full 1x512', rounds: 1, ours: [{ ...train, tuner: 'full' }], peers: [{ ...lora, mode: 'full' }] },
  {
    title: 'DPO, one pair of 2x256',
    rounds: 2,
    ours: [{ trainer: 'dpo', seq: 256, steps: 5 }],
    peers: [{ ...lora, mode: 'dpo', batch: 2, seq: 256 }],
  },
  {
    title: 'Decode at context 512',
    rounds: 2,
    ours: [decode, { ...decode, format: 'int8' }, { ...decode, format: 'int4' }],
    peers: [torchDecode, { ...torchDecode, torch: 'bf16', steps: 10 }],
  },
];

/** llama.cpp and this project on one file. */
function ggufComparison(packages: string, gguf: string): Comparison {
  const { seq, steps } = decode;
  return {
    title: 'Decode of one GGUF file at context 512',
    rounds: 2,
    ours: [{ ...decode, format: 'int4', gguf }],
    peers: [{ packages, gguf, seq, steps }],
  };
}

/** @param wanted a regular expression on titles; every comparison when absent */
export function benchPeers({
  json,
  wanted = '',
}: {
  readonly json: boolean;
  readonly wanted?: string;
}): void {
  const comparisons = available();
  const chosen = comparisons.filter(({ title }) => new RegExp(wanted, 'i').test(title));
  if (chosen.length === 0) {
    console.error(
      `bench: no comparison '${wanted}'. Choose of ${comparisons.map(({ title }) => title).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  const results = chosen.map(compare);
  if (json) {
    console.log(JSON.stringify(results, null, 2));
    return;
  }
  const rows = results.flatMap(({ ours, peers }) => [...ours, ...peers]);
  printTable(rows);
  console.log('\nEach row: the median of processes taking turns, each the median of its steps.');
  console.log('Ratios are ours / peer; measured: processes x steps, ours : peer.\n');
  printRatios(results);
}

/** What can run here; says what cannot, and why. */
function available(): Comparison[] {
  const torch = spawnSync(PYTHON, ['-c', 'import torch, transformers, peft'], { stdio: 'ignore' });
  const hasTorch = torch.status === 0;
  if (!hasTorch)
    skipped('PyTorch', `pip install torch transformers peft, and name that Python in SWIFT_PEERS_PYTHON`);
  const missing = llamaMissing(SWIFT_PEERS_NODE_MODULES, SWIFT_PEERS_GGUF);
  if (missing !== undefined) skipped('llama.cpp', missing);
  return [
    ...COMPARISONS.map((comparison) => (hasTorch ? comparison : { ...comparison, peers: [] })),
    ...(missing === undefined ? [ggufComparison(SWIFT_PEERS_NODE_MODULES!, SWIFT_PEERS_GGUF!)] : []),
  ];
}

function skipped(peer: string, cure: string): void {
  console.error(`bench: the rows of ${peer} are skipped; to have them: ${cure}.`);
}

/** Every round runs ours, peer, ours, peer, …, each in a process of its own. */
function compare({ title, rounds, ours, peers }: Comparison): Result {
  const runs = { ours: ours.map(() => [] as BenchRow[]), peers: peers.map(() => [] as BenchRow[]) };
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < Math.max(ours.length, peers.length); turn++) {
      if (turn < ours.length) runs.ours[turn].push(runOne(ours[turn]));
      const peer = peers[turn];
      if (peer && !(round > 0 && 'once' in peer)) runs.peers[turn].push(runPeer(peer));
    }
    console.error(`bench: ${title}, round ${round + 1} of ${rounds} done`);
  }
  return {
    title,
    ours: runs.ours.map((rows, i) => medians(rows, ours[i].steps)),
    peers: runs.peers.map((rows, i) => medians(rows, peers[i].steps)),
  };
}

function runPeer(bench: TorchBench | LlamaBench): BenchRow {
  if ('gguf' in bench) return runOne(bench);
  const { mode, torch, batch, seq, steps } = bench;
  const argv = [TORCH_SCRIPT, mode, torch, String(batch), String(seq), String(steps)];
  const env = { ...process.env, PYTHONWARNINGS: 'ignore' };
  const run = spawnSync(PYTHON, argv, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (run.status !== 0) throw new Error(`${PYTHON} ${argv.join(' ')} ended with ${run.status ?? run.signal}`);
  const row = JSON.parse(run.stdout) as BenchRow;
  if (mode === 'dpo') return row;
  return { ...row, mfu: flopsOf(bench) / row.step_ms / 1e6 / row.gemm_gflops! };
}

function flopsOf({ mode, batch, seq }: TorchBench): number {
  const traits = SHAPES['smollm2-135m'];
  if (mode === 'decode') return batch * decodeFlops(traits);
  return batch * usefulFlops(traits, seq, mode === 'lora' ? LORA_RANK : 0);
}

function medians(rows: readonly BenchRow[], steps: number): ComparedRow {
  const of = (field: 'step_ms' | 'mfu' | 'rss_gb' | 'gemm_gflops') => median(rows.map((row) => row[field]!));
  const [first] = rows;
  const step_ms = of('step_ms');
  return {
    ...first,
    step_ms,
    tokens_per_s: (first.tokens_per_s * first.step_ms) / step_ms,
    rss_gb: of('rss_gb'),
    ...(first.mfu === undefined ? {} : { mfu: of('mfu'), gemm_gflops: of('gemm_gflops') }),
    rounds: rows.length,
    steps,
  };
}

function printRatios(results: readonly Result[]): void {
  const rows = results.flatMap(({ title, ours, peers }) =>
    ours.flatMap((own) =>
      peers.map((peer) => [
        title,
        own.dtype,
        `${peer.name} ${peer.dtype}`,
        `${own.rounds}x${own.steps} : ${peer.rounds}x${peer.steps}`,
        (own.tokens_per_s / peer.tokens_per_s).toFixed(2),
        (own.rss_gb / peer.rss_gb).toFixed(2),
      ]),
    ),
  );
  console.log(markdownTable(['task', 'ours', 'peer', 'measured', 'tokens/s', 'memory'], rows));
}
