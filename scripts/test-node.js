/** `npm run test:node -- 22 24`: runs the tests on other Node versions, through npm's `node` package. */
import { spawnSync } from 'node:child_process';

const versions = process.argv.slice(2);
if (versions.length === 0) {
  console.error('Name versions: npm run test:node -- 22 24');
  process.exit(2);
}
for (const version of versions) {
  console.log(`\n== Node ${version}`);
  const node = ['--yes', '--package', `node@${version}`, '--', 'node'];
  const run = spawnSync('npx', [...node, 'node_modules/vitest/vitest.mjs', 'run'], { stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
