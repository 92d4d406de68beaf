import {
  agent,
  isFields,
  markedCalls,
  observed,
  pythonJson,
  REACT,
  sortedJson,
  valueOf,
  wrapped,
} from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const unescaped = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** Kimi K3: tools in a system message of their own, calls behind the closed response, every value with its type. */
@agent({
  id: 'kimi_k3',
  summary: 'Calls of Kimi K3: <|open|>call tool="…", <|open|>argument key="…" type="…"',
})
export class KimiK3 implements Agent {
  readonly scan = markedCalls({
    open: '<|open|>call tool="',
    close: '<|close|>call<|sep|>',
    around: ['<|open|>tools<|sep|>', '<|close|>tools<|sep|>', '<|close|>response<|sep|>'],
    read: readCall,
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    const said =
      'role="system" type="tool-declare"<|sep|># Tools\nHere are the available tools, described in JSONSchema.\n\n' +
      `\`\`\`json\n${sortedJson(tools.map(wrapped))}\n\`\`\``;
    const behind = `<|close|>message<|sep|><|end_of_msg|><|open|>message role="system"<|sep|>${system}`;
    return { system: system === '' ? said : said + behind };
  }

  answer(said: string, calls: readonly Call[]): string {
    const list = calls.map((call, i) => called(call, i + 1));
    return `${said}<|close|>response<|sep|><|open|>tools<|sep|>${list.join('')}<|close|>tools<|sep|>`;
  }

  reply(answer: string, results: readonly ToolResult[], calls: readonly Call[]): Reply {
    const said = results.map(({ content, name = '' }, i) => {
      const tool = escaped(calls[i]?.name ?? name);
      const head = `<|open|>message role="tool" tool="${tool}" index="${i + 1}"<|sep|>`;
      return `${head}${content}<|close|>message<|sep|><|end_of_msg|>`;
    });
    const between = `<|close|>message<|sep|><|end_of_msg|>${said.join('')}<|open|>message role="assistant"<|sep|>`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}

function called({ name, arguments: given }: Call, index: number): string {
  const said =
    typeof given === 'string'
      ? [`<|open|>json type="object"<|sep|>${given}<|close|>json<|sep|>`]
      : Object.entries(given).map(([key, value]) => {
          const text = typeof value === 'string' ? value : pythonJson(value);
          return `<|open|>argument key="${escaped(key)}" type="${typeOf(value)}"<|sep|>${text}<|close|>argument<|sep|>`;
        });
  return `<|open|>call tool="${escaped(name)}" index="${index}"<|sep|>${said.join('')}<|close|>call<|sep|>`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value;
  return typeof value === 'object' && value.constructor === Object ? 'object' : 'number';
}

function readCall(inside: string): readonly Call[] | undefined {
  const found = /^(.*?)"(?: index="\d+")?<\|sep\|>(.*)$/s.exec(inside);
  if (!found) return undefined;
  const name = unescaped(found[1]);
  const json = /<\|open\|>json type="object"<\|sep\|>(.*?)<\|close\|>json<\|sep\|>/s.exec(found[2]);
  if (json) {
    const value = valueOf(json[1]);
    return [{ name, arguments: isFields(value) ? value : json[1] }];
  }
  const list = found[2].matchAll(
    /<\|open\|>argument key="(.*?)" type="(.*?)"<\|sep\|>(.*?)<\|close\|>argument<\|sep\|>/gs,
  );
  const values = [...list].map(([, key, type, text]) => [unescaped(key), valueAs(type, text)] as const);
  return [{ name, arguments: Object.fromEntries(values) }];
}

function valueAs(type: string, text: string): unknown {
  if (type === 'string') return text;
  return type === 'null' ? null : (valueOf(text) ?? text);
}
