/** Runs dependency-cruiser and fails also when it saw nothing, which it would otherwise call a success. */
import { spawnSync } from 'node:child_process';

const run = spawnSync(
  'npx',
  ['depcruise', 'core', 'plugins', 'parity', 'local-hub', 'scripts', 'tests', '--output-type', 'json'],
  {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  },
);
if (!run.stdout.trim().startsWith('{')) {
  console.error(run.stderr || run.stdout);
  process.exit(1);
}
const { summary, modules } = JSON.parse(run.stdout);
const own = modules.filter(({ source }) => /^(core|plugins)\//.test(source));
const inner = own.filter(({ dependencies }) =>
  dependencies.some(({ resolved }) => resolved === 'core/plugin.ts'),
);
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
console.log(
  `boundaries: ${own.length} modules, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} violations`,
);
if (summary.violations.length > 0 || own.length < 100 || inner.length < 20) {
  if (own.length < 100 || inner.length < 20)
    console.error('too few modules or imports of core/plugin.ts were seen');
  process.exit(1);
}
