/** Calls of tools in an answer's text, read as the text grows. */
import type { Agent, Call, Tool } from '../contracts/agent.js';

/** What is new: text beside calls, and calls that are finished. */
export interface Parsed {
  readonly text: string;
  readonly calls: readonly Call[];
}

/**
 * Reads an answer piece by piece; however it is cut, what comes out is the same. White space beside calls is dropped, other text is
 * given out as soon as no call can begin in it. Of white space on both sides of a call, that before it parts the text.
 */
export class CallParser {
  private rest = '';
  /** White space that is text only if text follows, or if no call stood before it. */
  private space = '';
  private isBehindCall = false;
  private hasSpoken = false;

  constructor(
    private readonly agent: Pick<Agent, 'scan'>,
    private readonly tools: readonly Tool[] = [],
  ) {}

  push(piece: string): Parsed {
    this.rest += piece;
    return this.read(false);
  }

  /** What was held back; of an unfinished call, its text. */
  end(): Parsed {
    const { text, calls } = this.read(true);
    const space = this.isBehindCall ? '' : this.space;
    this.space = '';
    return { text: text + space, calls };
  }

  private read(isWhole: boolean): Parsed {
    let text = '';
    const calls: Call[] = [];
    while (this.rest !== '') {
      const found = this.agent.scan(this.rest, isWhole, this.tools);
      if (found === undefined || found.length === 0) break;
      const part = this.rest.slice(0, found.length);
      this.rest = this.rest.slice(found.length);
      if (found.kind === 'text') text += this.spoken(part);
      else {
        calls.push(...(found.calls ?? []));
        if (!this.hasSpoken) this.space = '';
        this.isBehindCall = true;
      }
    }
    return { text, calls };
  }

  private spoken(part: string): string {
    const whole = this.space + (this.isBehindCall ? part.trimStart() : part);
    const body = whole.trimEnd();
    if (body === '') {
      this.space = whole;
      return '';
    }
    this.isBehindCall = false;
    this.hasSpoken = true;
    this.space = whole.slice(body.length);
    return body;
  }
}

/** The text and the calls of a whole answer. */
export function parseCalls(answer: string, agent: Pick<Agent, 'scan'>, tools: readonly Tool[] = []): Parsed {
  const parser = new CallParser(agent, tools);
  const { text, calls } = parser.push(answer);
  const last = parser.end();
  return { text: text + last.text, calls: [...calls, ...last.calls] };
}
