/** Runs a program that nobody trusts: in a process of its own without rights, within limits of time and memory. */
import { spawn } from 'node:child_process';

export interface CodeLimits {
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * What the process runs: it reads program and tests, and says how many pass. The program's world has no `require`, no `process` and no
 * way to the process's own objects; Node's permission model closes files, threads and children should it get out.
 */
const RUNNER = `
const vm = require('node:vm');
let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => (text += piece));
process.stdin.on('end', () => {
  const { program, tests, milliseconds } = JSON.parse(text);
  let passed = 0;
  for (const test of tests) {
    const world = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false }, microtaskMode: 'afterEvaluate' });
    try {
      vm.runInContext(program, world, { timeout: milliseconds });
      if (vm.runInContext(test, world, { timeout: milliseconds }) !== false) passed++;
    } catch {}
  }
  process.stdout.write(String(passed));
});
`;

/** How many tests pass; none where the program does not end, or needs more than it may. */
export function runCode(
  program: string,
  tests: readonly string[],
  { seconds, megabytes }: CodeLimits,
): Promise<number> {
  const permission =
    Number(process.versions.node.split('.')[0]) < 24 ? '--experimental-permission' : '--permission';
  const child = spawn(
    process.execPath,
    ['--no-warnings', permission, `--max-old-space-size=${megabytes}`, '-e', RUNNER],
    // Nothing of this process's surroundings is the program's business.
    {
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: (seconds + STARTING) * 1000,
      killSignal: 'SIGKILL',
    },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? Number(said) : 0));
    child.stdin.on('error', () => undefined);
    child.stdin.end(
      JSON.stringify({ program, tests, milliseconds: Math.ceil((1000 * seconds) / (2 * tests.length)) }),
    );
  });
}

/** Seconds that Node takes to begin, at most, on a busy machine. */
const STARTING = 5;
