import { closeSync, fstatSync, openSync } from 'node:fs';
import type { Log } from '../contracts/log.js';
import type { SwiftError } from '../errors.js';

/** Whether to colour and redraw: a terminal that wants neither plain text nor no colour. */
export const isTerminal = (stream: NodeJS.WriteStream = process.stderr): boolean =>
  stream.isTTY === true && process.env.TERM !== 'dumb';

const useColour = (stream: NodeJS.WriteStream): boolean => isTerminal(stream) && !process.env.NO_COLOR;

export type Colour = 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const CODES: Readonly<Record<Colour, number>> = { dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Text in a colour where the stream shows colours. */
export function paint(text: string, colour: Colour, stream: NodeJS.WriteStream = process.stderr): string {
  return useColour(stream) ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

/** An error as the terminal shows it: what went wrong in red, what to do about it plain. */
export function renderError(error: SwiftError): string {
  const [fault, ...cure] = error.render().split('\n');
  return [paint(fault, 'red'), ...cure].join('\n');
}

/**
 * Whoever read what this process writes may leave (`| head`, a closed terminal): a listing then ends quietly, and a
 * run goes on to its checkpoint without its words. Node would stop either with a stack trace.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}

/**
 * For the end of a process whose terminal is gone (SIGHUP): Node resets the terminal as it exits, and aborts where that
 * fails, unless the descriptors are other files by then.
 */
export function leaveTerminal(): void {
  for (const fd of [0, 1, 2]) {
    if (!fstatSync(fd).isCharacterDevice()) continue;
    closeSync(fd);
    openSync('/dev/null', 'r+');
  }
}

/** Writes a line on stderr, in place of a progress bar that may stand there. */
export function writeLine(text: string): void {
  process.stderr.write(`${isTerminal() ? '\r\u001b[2K' : ''}${text}\n`);
}

/** Says what a run does on stderr, so that stdout holds only results. A warning is said once. */
export class TerminalLog implements Log {
  private readonly said = new Set<string>();

  info(message: string): void {
    writeLine(paint(message, 'dim'));
  }

  warn(message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    writeLine(paint(`warning: ${message}`, 'yellow'));
  }
}
