/** Which plugin packages are named among what is given. */
import { modelArguments } from './model-arguments.js';
import type { GivenValue } from './resolve.js';

/** The packages that `plugins` names, as far as it names any rightly; undefined where it is not given. */
export function packagesIn(given: ReadonlyMap<string, GivenValue>): readonly string[] | undefined {
  const { aliases } = modelArguments.plugins;
  const value = ['plugins', ...aliases].map((name) => given.get(name)?.value).find((one) => one != null);
  return value === undefined ? undefined : [value].flat().filter((name) => typeof name === 'string');
}
