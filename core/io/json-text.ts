/** JSON as Python writes and reads it: bare NaN and Infinity, and texts changed without touching the rest. */

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** Stands for NaN, which no JSON value does. */
const NAN = '\u0000NaN';

/** What Transformers 5 writes for numbers that JSON does not have: `{"__float__": "Infinity"}`. */
const FLOATS: Readonly<Record<string, number>> = { Infinity, '-Infinity': -Infinity, NaN };

/** `JSON.parse` that knows NaN, Infinity and -Infinity too, bare or as Transformers 5 writes them. @throws SyntaxError */
export function parsePythonJson(text: string): unknown {
  let isSpecial = text.includes('"__float__"');
  const plain = text.replace(TOKENS, (token) => {
    if (token.startsWith('"')) return token;
    if (token === 'NaN') isSpecial = true;
    // A number beyond float64 is read as an infinity.
    return token === 'NaN' ? JSON.stringify(NAN) : token.replace('Infinity', '1e999');
  });
  if (!isSpecial) return JSON.parse(plain) as unknown;
  return JSON.parse(plain, (_, value: unknown) => {
    if (value === NAN) return NaN;
    const name = (value as { __float__?: unknown } | null)?.__float__;
    return typeof name === 'string' && Object.hasOwn(FLOATS, name) ? FLOATS[name] : value;
  }) as unknown;
}

/**
 * An object's text with some of its own fields set, and those of undefined value taken out. All else stays as it is written: order, spaces, and literals that
 * JavaScript cannot tell apart (`30.0` is no `30` to Transformers).
 * @throws SyntaxError when the text is no object
 */
export function withFields(text: string, fields: Readonly<Record<string, unknown>>): string {
  if (!/^\s*\{/.test(text)) throw new SyntaxError('no JSON object');
  return Object.entries(fields).reduce((held, [name, value]) => withField(held, name, value), text);
}

function withField(text: string, name: string, value: unknown): string {
  const place = fieldPlace(text, name);
  if (value === undefined) return place ? without(text, place) : text;
  if (place) return text.slice(0, place.start) + JSON.stringify(value) + text.slice(place.end);
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  const indent = /\n([ \t]*)"/.exec(text)?.[1];
  const gap = indent === undefined ? ' ' : `\n${indent}`;
  const entry = `${gap}${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  return `${before}${before.endsWith('{') ? '' : ','}${entry}${text.slice(before.length, end)}${text.slice(end)}`;
}

/** A field with its name and one of the commas beside it taken out. */
function without(text: string, { name, end }: FieldPlace): string {
  const next = /^\s*,\s*/.exec(text.slice(end));
  if (next) return text.slice(0, name) + text.slice(end + next[0].length);
  return text.slice(0, name).replace(/,?\s*$/, '') + text.slice(end);
}

interface FieldPlace {
  /** Where the name starts. */
  readonly name: number;
  /** Of the value. */
  readonly start: number;
  readonly end: number;
}

/** Where an object's own field is written. */
function fieldPlace(text: string, name: string): FieldPlace | undefined {
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g;
  let depth = 0;
  let named = 0;
  let start: number | undefined;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const [whole, colon] = token;
    if (start !== undefined && depth === 1 && (whole === ',' || whole === '}')) {
      return { name: named, start, end: start + text.slice(start, token.index).trimEnd().length };
    }
    if (whole === '{' || whole === '[') depth++;
    else if (whole === '}' || whole === ']') depth--;
    else if (depth === 1 && colon !== undefined && JSON.parse(whole.slice(0, -colon.length)) === name) {
      named = token.index;
      start = tokens.lastIndex + /^\s*/.exec(text.slice(tokens.lastIndex))![0].length;
    }
  }
  return undefined;
}
