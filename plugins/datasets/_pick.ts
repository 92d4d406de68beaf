/** One of a list; the same one for the same key, so that a dataset has the same rows in every run. */
export function pick<T>(list: readonly T[], key: string): T {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return list[(hash >>> 8) % list.length];
}
