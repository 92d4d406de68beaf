import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['swift-source'] },
  ssr: { resolve: { conditions: ['swift-source', 'module', 'node', 'import'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/extras/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
