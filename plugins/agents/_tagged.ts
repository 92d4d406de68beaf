import { argumentValue, markedCalls, textOrJson } from 'swift-ts/plugin';
import type { Call, Scan, Tool } from 'swift-ts/plugin';

/** A call as a name and pairs of tags: `<tool_call>name<arg_key>k</arg_key><arg_value>v</arg_value></tool_call>`. */
export interface Tagged {
  readonly call: string;
  readonly key: string;
  readonly value: string;
  /** Ends the name, where the first key does not. */
  readonly afterName?: string;
  /** Whether a value without a schema is read as JSON; else it is text. */
  readonly readsJson: boolean;
  readonly around?: readonly string[];
}

export const GLM_TAGS: Tagged = { call: 'tool_call', key: 'arg_key', value: 'arg_value', readsJson: false };

/** The pieces of a call, tags included; formats differ in what stands between them. */
export function taggedPieces({ name, arguments: given }: Call, { call, key, value }: Tagged): string[] {
  const pairs = typeof given === 'string' ? [] : Object.entries(given);
  return [
    `<${call}>${name}`,
    ...pairs.flatMap(([one, said]) => [
      `<${key}>${one}</${key}>`,
      `<${value}>${textOrJson(said)}</${value}>`,
    ]),
    `</${call}>`,
  ];
}

export function taggedScan(tags: Tagged): Scan {
  const { call, around } = tags;
  return markedCalls({
    open: `<${call}>`,
    close: `</${call}>`,
    around,
    read: (inside, tools) => readTagged(inside, tools, tags),
  });
}

function readTagged(
  inside: string,
  tools: readonly Tool[],
  { key, value, afterName, readsJson }: Tagged,
): readonly Call[] | undefined {
  const text = inside.trim();
  const end = afterName === undefined ? text.search(/[\n<]|$/) : text.indexOf(afterName);
  const name = text.slice(0, end).trim();
  if (end < 0 || name === '') return undefined;
  const all = (tag: string): string[] =>
    [...text.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, said]) => said);
  const [keys, values] = [all(key), all(value)];
  if (keys.length !== values.length) return undefined;
  const pairs = keys.map((one, i) => {
    const parameter = one.trim();
    const place = { tools, call: name, name: parameter };
    return [parameter, argumentValue(values[i].trim(), place, readsJson ? 'json' : 'text')] as const;
  });
  return [{ name, arguments: Object.fromEntries(pairs) }];
}
