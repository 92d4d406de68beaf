import type { Log } from '../contracts/log.js';

/** Whether to colour and redraw: a terminal that wants neither plain text nor no colour. */
export const isTerminal = (stream: NodeJS.WriteStream = process.stderr): boolean =>
  stream.isTTY === true && process.env.TERM !== 'dumb';

const useColour = (stream: NodeJS.WriteStream): boolean => isTerminal(stream) && !process.env.NO_COLOR;

export type Colour = 'dim' | 'green' | 'yellow' | 'cyan';
const CODES: Readonly<Record<Colour, number>> = { dim: 2, green: 32, yellow: 33, cyan: 36 };

/** Text in a colour where the stream shows colours. */
export function paint(text: string, colour: Colour, stream: NodeJS.WriteStream = process.stderr): string {
  return useColour(stream) ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
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
