/** Runs a program that nobody trusts: in a process of its own without rights, within limits of time and memory. */
import { spawn } from 'node:child_process';
import { SwiftError } from 'swift-ts/plugin';

export interface CodeLimits {
  readonly seconds: number;
  readonly megabytes: number;
}

/** What the process says before anything of the program runs. */
const BEGUN = 'begun ';

/**
 * What the process runs: it reads program and tests, says that it has them, and then how many pass. The program's world has no `require`, no `process` and no
 * way to the process's own objects; Node's permission model closes files, threads and children should it get out.
 */
const RUNNER = `
const vm = require('node:vm');
let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => (text += piece));
process.stdin.on('end', () => {
  const { program, tests, milliseconds } = JSON.parse(text);
  require('node:fs').writeSync(1, '${BEGUN}');
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

/**
 * How many tests pass; none where the program does not end, or needs more than it may.
 *
 * @throws SwiftError ENGINE_CRASHED where the process ends before it has the program: that says nothing of the answer
 */
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
      stdio: 'pipe',
      timeout: (seconds + STARTING) * 1000,
      killSignal: 'SIGKILL',
    },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    let complaint = '';
    const note = (piece: unknown): void => {
      complaint = `${complaint}${String(piece)}`.slice(0, MOST_COMPLAINT);
    };
    child.stderr.on('data', note);
    child.on('error', note);
    // Of a process that ended before it read all: 'close' tells.
    child.stdin.on('error', note);
    child.on('close', (code, signal) => {
      if (!said.startsWith(BEGUN)) reject(notBegun(code ?? signal, complaint));
      else resolve(code === 0 ? Number(said.slice(BEGUN.length)) : 0);
    });
    child.stdin.end(
      JSON.stringify({ program, tests, milliseconds: Math.ceil((1000 * seconds) / (2 * tests.length)) }),
    );
  });
}

function notBegun(end: unknown, complaint: string): SwiftError {
  return new SwiftError(
    'ENGINE_CRASHED',
    `reward 'code': the process that runs programs ended (${String(end)}) before it began: ${complaint.trim() || 'it said nothing'}`,
    {
      cure: `It is ${process.execPath}, which needs Node's permission model, memory to start in (--code_memory_limit) and time.`,
      exitCode: 1,
    },
  );
}

/** Characters that are kept of what the process complains of. */
const MOST_COMPLAINT = 500;

/** Seconds that Node takes to begin, at most, on a busy machine. */
const STARTING = 5;
