/** What is told of a thread or process that came to an end by itself. */
import { SwiftError } from './errors.js';

/** @param who the thread or process, e.g. `the engine` */
export function crashed(who: string, error: Error): SwiftError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new SwiftError('ENGINE_CRASHED', `${who} ran out of JavaScript heap`, {
      cure: 'Allow more, in MiB: NODE_OPTIONS=--max-old-space-size=8192.',
      exitCode: 1,
      cause: error,
    });
  }
  const place = /^ +at .*?(\(?(?:file:|\/|[A-Z]:).*)$/m.exec(error.stack ?? '')?.[1];
  const where = place ? ` at ${place.replaceAll(/[()]/g, '')}` : '';
  return new SwiftError('ENGINE_CRASHED', `${who} crashed: ${error.name}: ${error.message}${where}`, {
    cure: 'That is a bug, here or in a plugin: please report it.',
    exitCode: 1,
    cause: error,
  });
}

/** @param how e.g. `with exit code 1` */
export function ended(who: string, how: string): SwiftError {
  return new SwiftError('ENGINE_CRASHED', `${who} ended ${how}`, {
    cure: how.includes('signal')
      ? 'The system or someone ended it; SIGKILL often means that memory ran out.'
      : 'Something called process.exit, perhaps a plugin: please report it.',
    exitCode: 1,
  });
}
