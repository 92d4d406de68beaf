import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const SWIFT = join(ROOT, 'bin/swift.js');
/** The bundled model. */
export const TINY = join(ROOT, 'assets/models/swift-tiny');
export const QUICKSTART = join(ROOT, 'assets/datasets/quickstart.jsonl');

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the built command line as a user would. */
export function swift(
  argv: readonly string[],
  { cwd, env, input }: RunOptions = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [SWIFT, ...argv], {
    encoding: 'utf8',
    cwd,
    input: input ?? '',
    env: { ...process.env, NO_COLOR: '1', ...env },
    maxBuffer: 2 ** 26,
  });
}

/** Starts the command line and leaves it running. */
export function startSwift(argv: readonly string[], { cwd, env }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [SWIFT, ...argv], { cwd, env: { ...process.env, NO_COLOR: '1', ...env } });
}

/** Runs the command line beside what else this process does, such as serving a hub. */
export async function runSwift(
  argv: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = startSwift(argv, { cwd, env });
  let [out, err] = ['', ''];
  child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (err += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, out, err };
}

/** A folder of the test's own. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'swift-e2e-'));
}

/** The path that a line like `last_model_checkpoint: …` of the output names. */
export function pathAfter(label: string, output: string): string {
  const found = new RegExp(`^${label}: (\\S+)`, 'm').exec(output);
  if (!found) throw new Error(`no '${label}' in:\n${output}`);
  return found[1];
}
