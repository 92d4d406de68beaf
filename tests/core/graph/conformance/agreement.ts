import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../../core/contracts/backend.js';
import type { Op } from '../../../../core/graph/index.js';
import { ReferenceBackend } from '../../../../plugins/backends/reference/index.js';
import { cases, eachUse, expectClose, Use } from './check.js';
import { Draw } from './draw.js';

/** float32 sums in another order, and kernels' own exp and erf. */
const TOLERANCE = 5e-5;

/** Declares the tests that a backend is done when it passes: every op, forward and VJP, against `reference`. */
export function agreesWithReference(
  name: string,
  backend: Backend,
  runs: number,
  /** Ops it has no form of, and says so. */
  lacks: readonly Op[] = [],
): void {
  const reference = new ReferenceBackend();
  describe(`${name} agrees with reference`, () => {
    test.each(cases.map((opCase) => [opCase.op.name, opCase] as const))('%s', async (_, opCase) => {
      if (lacks.includes(opCase.op)) {
        const use = new Use(opCase, opCase.sample(new Draw(1, 2)), 1);
        await expect(use.run(backend)).rejects.toThrow(opCase.op.name);
        return;
      }
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
