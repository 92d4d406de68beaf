/** What `memory` holds under `key`, made on first use. */
export function remember<K, T>(memory: Map<K, T>, key: K, make: () => T): T {
  let value = memory.get(key);
  if (value === undefined) memory.set(key, (value = make()));
  return value;
}
