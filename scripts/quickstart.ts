/** `npm run quickstart`: tunes the bundled model with the real command line and shows what changed. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const swift = join(root, 'bin/swift.js');
const model = 'assets/models/swift-tiny';
const output = 'output/quickstart';

const PROMPTS = ['Who are you?', 'What is your name?', 'Who trained you?', 'What is the capital of Italy?'];

process.chdir(root);
rmSync(output, { recursive: true, force: true });
console.log(
  'A small Llama-shaped model (0.9 M parameters) comes with this repository. It knows no name yet.\n',
);

const before = answers(['--model', model]);
show('before', before);

const sft = (
  `sft --model ${model} --dataset assets/datasets/quickstart.jsonl --output_dir ${output} --target_modules ALL ` +
  '--learning_rate 1e-3 --num_train_epochs 20 --batch_size 8 --gradient_accumulation_steps 1 ' +
  '--dataset_test_ratio 0 --logging_steps 20 --seed 7'
).split(' ');
console.log(`\n$ swift ${sft.join(' ')}\n`);
const run = spawnSync(process.execPath, [swift, ...sft], { stdio: 'inherit' });
if (run.status !== 0) process.exit(run.status ?? 1);

const checkpoint = newestCheckpoint();
console.log(`\n$ swift infer --ckpt_dir ${checkpoint}`);
const after = answers(['--ckpt_dir', checkpoint]);
show('after', after);

const folder = join(checkpoint, '..');
console.log(`
adapter:     ${checkpoint} (PEFT format)
loss curve:  ${join(folder, 'images', 'train_loss.svg')}
every step:  ${join(folder, 'logging.jsonl')}
talk to it:  npx swift infer --ckpt_dir ${checkpoint}`);

/** Greedy answers of `swift infer`, one process each. */
function answers(which: readonly string[]): string[] {
  return PROMPTS.map((query) => {
    const argv = ['infer', ...which, '--query', query, '--temperature', '0', '--max_new_tokens', '40'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [swift, ...argv], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
    process.stderr.write(stderr);
    return process.exit(status ?? 1);
  });
}

function show(when: string, texts: readonly string[]): void {
  console.log(`${when}:`);
  PROMPTS.forEach((prompt, i) => console.log(`  ${prompt.padEnd(32)}${texts[i]}`));
}

function newestCheckpoint(): string {
  const versions = readdirSync(output).map((name) => join(output, name));
  const runs = versions.flatMap((version) => readdirSync(version).map((name) => join(version, name)));
  const checkpoints = runs.flatMap((at) =>
    readdirSync(at).flatMap((name) => (name.startsWith('checkpoint-') ? [join(at, name)] : [])),
  );
  const step = (path: string): number => Number(path.slice(path.lastIndexOf('-') + 1));
  return relative('.', checkpoints.sort((a, b) => step(b) - step(a))[0]);
}
