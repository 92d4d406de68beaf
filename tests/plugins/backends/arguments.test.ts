import { InferenceSession } from 'onnxruntime-node';
import { afterEach, expect, test, vi } from 'vitest';
import { add, input, makeGraph } from '../../../core/graph/index.js';
import { services } from '../../../core/sdk/default-services.js';
import { peersFolder } from '../../extras/peers.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Threads that the session of a small graph is made with. */
async function threadsOf(options: Parameters<typeof services>[0]): Promise<number | undefined> {
  const create = vi.spyOn(InferenceSession, 'create');
  const backend = await services(options).backend();
  const x = input([1]);
  await (await backend.compile(makeGraph([x], [add(x, x)]))).release();
  return (create.mock.lastCall![1] as InferenceSession.SessionOptions).intraOpNumThreads;
}

test('threads of onnxruntime: what is given, else SWIFT_THREADS, else as many as there are cores', async () => {
  expect(await threadsOf({})).toBeUndefined();
  vi.stubEnv('SWIFT_THREADS', '2');
  expect(await threadsOf({})).toBe(2);
  expect(await threadsOf({ threads: 1 })).toBe(1);
  expect(() => services({ threads: 0 })).toThrow(/^threads: '0' is not at least 1/);
});

test('the variant of tfjs', async () => {
  vi.stubEnv('SWIFT_PEERS', peersFolder);
  const backend = await services({ backend: 'tfjs', tfjs_variant: 'cpu' }).backend();
  expect(await backend.describe()).toContain('cpu, plain JavaScript kernels');
});

test("a backend's argument is none of another's", () => {
  expect(() => services({ backend: 'reference', threads: 1 })).toThrow("services takes no option 'threads'");
});
