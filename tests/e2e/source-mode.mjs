/** Loads TypeScript in every thread: on Node 20 tsx itself registers in the main thread alone. */
import { isMainThread } from 'node:worker_threads';
import 'tsx';

if (!isMainThread) (await import('tsx/esm/api')).register();
