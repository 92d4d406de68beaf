import { int, string } from './argument.js';

/** Where `swift rollout` listens, and how much it writes at once. */
export const rolloutArguments = {
  host: string({
    default: '127.0.0.1',
    help: 'address of this machine to listen on; whoever reaches it may use it',
  }),
  port: int({ default: 8000, min: 0, max: 65_535, help: 'port to listen on; 0 takes one that is free' }),
  max_batch_size: int({ default: 16, min: 1, help: 'answers written side by side' }),
} as const;
