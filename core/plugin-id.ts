/** What a plugin's class is called by users: the id that its decorator gave it. */
const ids = new WeakMap<object, string>();

export function nameClass(target: object, id: string): void {
  if (!ids.has(target)) ids.set(target, id);
}

/** The id of an instance's class; the name of a class that no decorator has named. */
export function idOf(instance: object): string {
  return ids.get(instance.constructor) ?? instance.constructor.name;
}
