import { describe, test } from 'vitest';
import type { Backend } from '../../../../core/contracts/backend.js';
import { ReferenceBackend } from '../../../../plugins/backends/reference/index.js';
import { cases, eachUse, expectClose } from './check.js';

/** float32 sums in another order, and kernels' own exp and erf. */
const TOLERANCE = 5e-5;

/** Declares the tests that a backend is done when it passes: every op, forward and VJP, against `reference`. */
export function agreesWithReference(name: string, backend: Backend, runs: number): void {
  const reference = new ReferenceBackend();
  describe(`${name} agrees with reference`, () => {
    test.each(cases.map((opCase) => [opCase.op.name, opCase] as const))('%s', async (_, opCase) => {
      await eachUse(opCase, runs, async (use) => {
        const wanted = await use.run(reference);
        (await use.run(backend)).forEach((result, i) => {
          const gradient = i - use.forward.outputs.length;
          expectClose(gradient < 0 ? `output ${i}` : `gradient ${gradient}`, result, wanted[i], TOLERANCE);
        });
      });
    });
  });
}
