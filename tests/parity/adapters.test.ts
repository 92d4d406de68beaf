import { describe, expect, test } from 'vitest';
import { adapterCases, ADAPTER_TOLERANCE, measureAdapter } from '../../parity/adapters.js';
import { backendOf } from '../../parity/cases.js';

const backend = await backendOf('onnxruntime');

describe('adapters that PEFT saved compute and train here as there', () => {
  test.each(adapterCases())('$id', async (adapter) => {
    const distances = await measureAdapter(adapter, backend);
    for (const [what, limit] of Object.entries(ADAPTER_TOLERANCE)) {
      expect(distances[what as keyof typeof distances], what).toBeLessThanOrEqual(limit);
    }
  });
});
