/** The question which class a text, or a pair of texts, is of; its answer is the name of one. */
export function classQuestion(task: string, said: string, names: readonly string[]): string {
  return `Task: ${task}\n${said}\nCategory: ${names.join(', ')}\nOutput:`;
}
