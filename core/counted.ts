/** Numbers of things in messages: `1 sample`, `2 samples`, `1 tensor is`, `2 tensors are`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
