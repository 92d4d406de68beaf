/** Where a text stops being JSON: the engine's parser does not always say. */

const TOKEN =
  /[ \t\r\n]*([{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)(?![\w.+-]))/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing';

/** 1-based line and column of the first fault, or nothing when `text` is JSON. */
export function jsonFault(text: string): { line: number; column: number } | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const next = step(match[1], expected, open);
    if (next === undefined) break;
    expected = next;
    end = TOKEN.lastIndex;
  }
  const rest = /^[ \t\r\n]*/.exec(text.slice(end))?.[0].length ?? 0;
  if (expected === 'nothing' && end + rest === text.length) return undefined;
  const before = text.slice(0, end + rest);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** What may follow a token, or nothing when the token may not stand here. `open` holds the open brackets. */
function step(token: string, expected: Expected, open: string[]): Expected | undefined {
  const afterValue = () => (open.length === 0 ? 'nothing' : ', or end');
  const first = token[0];
  if (expected === ':') return first === ':' ? 'value' : undefined;
  if (first === '}' || first === ']') {
    const empty = first === '}' ? 'key or }' : 'value or ]';
    if (open.at(-1) !== first || (expected !== ', or end' && expected !== empty)) return undefined;
    open.pop();
    return afterValue();
  }
  if (expected === ', or end') {
    if (first !== ',') return undefined;
    return open.at(-1) === '}' ? 'key' : 'value';
  }
  if (expected === 'key' || expected === 'key or }') return first === '"' ? ':' : undefined;
  if (expected === 'nothing' || first === ',' || first === ':') return undefined;
  if (first === '{') open.push('}');
  else if (first === '[') open.push(']');
  else return afterValue();
  return first === '{' ? 'key or }' : 'value or ]';
}
