import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './row.js';

const swift = fileURLToPath(new URL('../../../bin/swift.js', import.meta.url));
const RUNS = 9;

/** Start-up of light commands as a ratio to a bare `node -e 0`, runs taking turns. */
export function benchStart(): { name: string; ms: number; ratio: number }[] {
  const commands: [string, string[]][] = [
    ['node -e 0', ['-e', '0']],
    ['swift --help', [swift, '--help']],
    ['swift sft --help', [swift, 'sft', '--help']],
    ['swift list models', [swift, 'list', 'models']],
  ];
  const times = commands.map(() => [] as number[]);
  for (let run = 0; run < RUNS; run++) {
    commands.forEach(([, argv], i) => {
      const started = performance.now();
      spawnSync(process.execPath, argv);
      times[i].push(performance.now() - started);
    });
  }
  const bare = median(times[0]);
  return commands.map(([name], i) => ({ name, ms: median(times[i]), ratio: median(times[i]) / bare }));
}
