import { expect, test } from 'vitest';
import type { Hub } from '../../../core/contracts/hub.js';
import { ReportingHub } from '../../../core/hub/reporting-hub.js';

test('large files are told of at each tenth, small ones not at all', async () => {
  const inner: Hub = {
    async snapshot({ onProgress }) {
      for (let mb = 0; mb <= 100; mb += 5)
        onProgress!({ file: 'big', receivedBytes: mb * 1e6, totalBytes: 1e8 });
      onProgress!({ file: 'small', receivedBytes: 10, totalBytes: 10 });
      return '/folder';
    },
  };
  const lines: string[] = [];
  const hub = new ReportingHub(inner, { info: (line) => void lines.push(line) });
  expect(await hub.snapshot({ repo: 'a/b', type: 'model' })).toBe('/folder');
  expect(lines).toHaveLength(11);
  expect(lines[3]).toBe('download: a/b/big: 30% of 100 MB');
});
