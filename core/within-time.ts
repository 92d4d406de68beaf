/** Work that may never end (a user's regular expression, a row that a pattern of a tokenizer cannot get through) is stopped. */
import { createContext, Script } from 'node:vm';

const work: { run: (() => void) | undefined } = { run: undefined };
let context: ReturnType<typeof createContext> | undefined;
let script: Script | undefined;

/**
 * What `run` returns; it must not wait for anything. Work within such work has the time of the outer one.
 *
 * @param late makes the error for work that takes longer.
 */
export function withinTime<T>(milliseconds: number, run: () => T, late: () => Error): T {
  if (work.run !== undefined) return run();
  context ??= createContext({ work });
  script ??= new Script('work.run()');
  let result: { readonly value: T } | undefined;
  work.run = () => {
    result = { value: run() };
  };
  try {
    script.runInContext(context, { timeout: milliseconds });
    return result!.value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw late();
    throw error;
  } finally {
    work.run = undefined;
  }
}
