import { beforeMarks, jsonEnd, observed, textOrJson, valueOf, isFields } from 'swift-ts/plugin';
import type { Call, Keywords, Reply, Scan, ToolResult } from 'swift-ts/plugin';

/** Calls in lines of text: a keyword and a name, a keyword and arguments, and the keyword that results follow. */
export function keywordAnswer(
  said: string,
  calls: readonly Call[],
  { action, input, observation }: Keywords,
): string {
  const open = said === '' || said.endsWith('\n') ? said : `${said}\n`;
  const lines = calls.map(
    ({ name, arguments: given }) => `${action} ${name}\n${input} ${textOrJson(given)}\n`,
  );
  return open + lines.join('') + observation;
}

/** Results go on in the answer's own turn, behind the keyword. */
export function keywordReply(answer: string, results: readonly ToolResult[], keywords: Keywords): Reply {
  const plain = { answer, between: results.map(({ content }) => content).join('') };
  return observed(answer, results, keywords) ?? plain;
}

/**
 * Arguments that are JSON end where it does, others at the next keyword. A name without arguments is text.
 * @param dropped further keywords, which are no text
 */
export function keywordScan({ action, input, observation }: Keywords, dropped: readonly string[] = []): Scan {
  const around = [observation, ...dropped];
  return (text, isWhole) => {
    const before = beforeMarks(text, [action, ...around], isWhole);
    if (before === undefined) return undefined;
    if (before > 0) return { kind: 'text', length: before };
    const mark = around.find((one) => text.startsWith(one));
    if (mark !== undefined) return { kind: 'calls', length: mark.length };
    const start = text.indexOf(input, action.length);
    const other = nextKeyword(text, action.length, [action, observation]);
    if (start < 0 || other < start) {
      const isNone = other < text.length || isWhole;
      return isNone ? { kind: 'text', length: action.length } : undefined;
    }
    const name = text.slice(action.length, start).trim();
    if (name === '') return { kind: 'text', length: action.length };
    const from = start + input.length;
    const skipped = from + text.slice(from).search(/\S|$/);
    const isJson = text[skipped] === '{';
    const json = isJson ? jsonEnd(text, skipped) : undefined;
    const end = json ?? nextKeyword(text, from, [action, ...around]);
    if (json === undefined && (isJson || end === text.length) && !isWhole) return undefined;
    const said = text.slice(from, end).trim();
    const value = valueOf(said);
    return { kind: 'calls', length: end, calls: [{ name, arguments: isFields(value) ? value : said }] };
  };
}

function nextKeyword(text: string, from: number, keywords: readonly string[]): number {
  const found = keywords.map((one) => text.indexOf(one, from)).filter((at) => at >= 0);
  return Math.min(...found, text.length);
}
