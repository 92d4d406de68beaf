import { string } from './argument.js';

/** The trainers of swift sft that go by another word there. */
const TASKS = { causal_lm: 'sft' } as const;

/** What a model is tuned for. */
export const taskArguments = {
  task_type: string({
    default: 'causal_lm',
    help: 'what the model is tuned for: causal_lm, to answer; or a trainer of swift sft',
    chooses: 'trainer',
    idWords: TASKS,
  }),
} as const;

/** Id of the trainer of a task. */
export function trainerOfTask(task: string): string {
  return Object.hasOwn(TASKS, task) ? TASKS[task as keyof typeof TASKS] : task;
}
