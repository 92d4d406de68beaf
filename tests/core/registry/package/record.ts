/** Names of the modules imported so far. */
export const imported: string[] = [];

export function record(name: string): void {
  imported.push(name);
}
