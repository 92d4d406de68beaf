import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './swift.js';

/**
 * Writes a plugin package with one optimizer, `test-optimizer`, that changes nothing.
 * @param onStep JavaScript run in each step; `this.steps` counts them from 1, over resumed runs too
 * @param imports JavaScript before the class
 * @returns its folder, for --plugins
 */
export function optimizerPlugin(cwd: string, onStep: string, imports = ''): string {
  const folder = join(cwd, 'optimizer-plugin');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/swift-ts'), 'junction');
  const files = {
    'package.json': JSON.stringify({
      name: 'optimizer-plugin',
      type: 'module',
      swift: { registry: './registry.json' },
    }),
    'registry.json': JSON.stringify({
      version: 1,
      plugins: {
        optimizer: {
          'test-optimizer': { module: './optimizer.js', class: 'TestOptimizer', summary: 'a test' },
        },
      },
      architectures: {},
    }),
    'optimizer.js': `
      import { optimizer } from 'swift-ts/plugin';
      ${imports}
      class TestOptimizer {
        slots = 0;
        steps = 0;
        step() {
          this.steps++;
          ${onStep}
        }
        state() {
          return new Map([['step', Float32Array.of(this.steps)]]);
        }
        load(state) {
          this.steps = state.get('step')[0];
        }
      }
      optimizer({ id: 'test-optimizer', summary: 'a test' })(TestOptimizer);`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
