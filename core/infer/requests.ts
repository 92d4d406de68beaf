/** What is asked of a backend, in one form; and working through a list, several at once. */
import type { Asked, PromptRequest } from '../contracts/infer-backend.js';
import { SwiftError } from '../errors.js';

/** @throws SwiftError BAD_ARGUMENT for a text with what only a conversation has */
export function requestOf(asked: Asked): PromptRequest {
  if (typeof asked === 'string' || !('prompt' in asked)) return { prompt: asked };
  if (typeof asked.prompt !== 'string') return asked;
  const stray = (['system', 'tools', 'images', 'videos', 'audios'] as const).find(
    (name) => asked[name] !== undefined,
  );
  if (stray === undefined) return asked;
  throw new SwiftError('BAD_ARGUMENT', `a text to go on with has no ${stray}`, {
    cure: 'Ask it as a conversation, or leave that out.',
  });
}

export interface AtOnce {
  readonly atOnce: number;
  /** Begins no further work; what fails then is nobody's fault. */
  readonly signal?: AbortSignal;
}

/**
 * Works through a list in order, several at once.
 * @param work is given a signal that tells it to end, by whoever asked or because of a fault
 * @throws the first fault, once all that was begun has ended
 */
export async function each<T>(
  list: readonly T[],
  { atOnce, signal }: AtOnce,
  work: (one: T, i: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const either = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const faults: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length && !either.aborted) {
      const i = next++;
      try {
        await work(list[i], i, either);
      } catch (error) {
        if (either.aborted) return;
        faults.push(error);
        ending.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
  if (faults.length > 0) throw faults[0];
}
