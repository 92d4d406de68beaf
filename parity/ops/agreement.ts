import { describe, expect, test } from 'vitest';
import type { Backend } from '../../core/contracts/backend.js';
import { ReferenceBackend } from '../../plugins/backends/reference/index.js';
import { cases } from './cases.js';
import { eachUse, expectClose, type Use } from './check.js';

/** float32 sums in another order, and kernels' own exp and erf. */
const TOLERANCE = 5e-5;

/** Declares the tests that a backend is done when it passes: every op, forward and VJP, against `reference`. */
export function agreesWithReference(
  name: string,
  backend: Backend,
  runs: number,
  /** Uses it has no form of, and says so. */
  lacks: (use: Use) => boolean = () => false,
): void {
  const reference = new ReferenceBackend();
  describe(`${name} agrees with reference`, () => {
    test.each(cases.map((opCase) => [opCase.op.name, opCase] as const))('%s', async (_, opCase) => {
      await eachUse(opCase, runs, async (use) => {
        if (lacks(use)) {
          await expect(use.run(backend)).rejects.toMatchObject({ code: 'UNSUPPORTED_OP' });
          return;
        }
        const wanted = await use.run(reference);
        (await use.run(backend)).forEach((result, i) => {
          const gradient = i - use.forward.outputs.length;
          expectClose(gradient < 0 ? `output ${i}` : `gradient ${gradient}`, result, wanted[i], TOLERANCE);
        });
      });
    });
  });
}
