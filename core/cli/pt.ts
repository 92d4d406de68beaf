import { trainCommand } from './train.js';

export const run = (argv: readonly string[]): Promise<void> => trainCommand('pt', argv);
