/** What a plugin is called by users: the id that its decorator gave its class, or that it was asked for by. */
const ids = new WeakMap<object, string>();

export function nameClass(target: object, id: string): void {
  if (!ids.has(target)) ids.set(target, id);
}

/** Names an instance of a class that has several ids. */
export function nameInstance(instance: object, id: string): void {
  ids.set(instance, id);
}

/** The id of an instance; the name of its class where no decorator has named that. */
export function idOf(instance: object): string {
  return ids.get(instance) ?? ids.get(instance.constructor) ?? instance.constructor.name;
}
