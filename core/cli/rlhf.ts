import { runTraining } from './train.js';

export const run = (argv: readonly string[]): Promise<void> => runTraining('rlhf', argv);
