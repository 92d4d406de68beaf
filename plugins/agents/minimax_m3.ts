import { agent, isFields, markedCalls, pythonJson, unwrapped, valueOf } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { repliedInToolTurn } from './_minimax.js';

/** Stands before every tag. */
const NS = ']<]minimax[>[';
const [BEGIN, END] = [`${NS}<tool_call>`, `${NS}</tool_call>`];

/** MiniMax-M3: objects and lists of arguments are tags too; what is null is left out. */
@agent({ id: 'minimax_m3', summary: 'Tags of MiniMax-M3, one for each value' })
export class MinimaxM3 implements Agent {
  readonly scan = markedCalls({
    open: `${NS}<invoke name="`,
    close: `${NS}</invoke>`,
    around: [BEGIN, END],
    read: (inside) => {
      const found = /^([^"]+)">(.*)$/s.exec(inside);
      if (!found) return undefined;
      const values = tagsOf(found[2]).map(([key, text]) => [key, valueIn(text)] as const);
      return [{ name: found[1], arguments: Object.fromEntries(values) }];
    },
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    const list = tools.map((tool) => `<tool>${pythonJson(unwrapped(tool))}</tool>`);
    const item = tagged('item', tagged('key-a', 'val-a') + tagged('key-b', 'val-b'));
    const first = `${NS}<invoke name="tool-name-1">${tagged('param-1', 'value-1')}${tagged('param-2', item)}${NS}</invoke>`;
    const second = `${NS}<invoke name="tool-name-2">${tagged('param-1', 'value-1')}${NS}</invoke>`;
    return {
      system: `${system}

# Tools
You may call one or more tools to assist with the user query.
Here are the tools available in JSONSchema format:

<tools>
${list.join('\n')}
</tools>

To call tools, wrap all invocations in a single ${BEGIN}${END} block. Parameter values containing nested objects or arrays are recursively expanded into XML elements. Example:

${BEGIN}
${first}
${second}
${END}`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const list = calls.map(
      ({ name, arguments: given }) => `${NS}<invoke name="${name}">${fields(given)}${NS}</invoke>`,
    );
    return `${said}${BEGIN}\n${list.join('\n')}\n${END}`;
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInToolTurn(answer, results, around);
  }
}

const tagged = (tag: string, inside: string): string => `${NS}<${tag}>${inside}${NS}</${tag}>`;

const fields = (given: Call['arguments']): string =>
  typeof given === 'string'
    ? given
    : Object.entries(given)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => tagged(key, markup(value)))
        .join('');

function markup(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => tagged('item', markup(item))).join('');
  return isFields(value) && value.constructor === Object ? fields(value) : pythonJson(value);
}

/** The tags that a text consists of, with what stands in each; one may stand in another of its name. */
function tagsOf(text: string): [tag: string, inside: string][] {
  const found: [string, string][] = [];
  const opening = new RegExp(`\\]<\\]minimax\\[>\\[<([^/!?\\s>]+)>`, 'g');
  for (let match; (match = opening.exec(text)) !== null;) {
    const [mark, tag] = match;
    const close = `${NS}</${tag}>`;
    let [at, depth] = [opening.lastIndex, 1];
    while (depth > 0) {
      const end = text.indexOf(close, at);
      if (end < 0) return found;
      const inner = text.indexOf(mark, at);
      const isInner = inner >= 0 && inner < end;
      depth += isInner ? 1 : -1;
      at = isInner ? inner + mark.length : end + close.length;
    }
    found.push([tag, text.slice(opening.lastIndex, at - close.length)]);
    opening.lastIndex = at;
  }
  return found;
}

function valueIn(text: string): unknown {
  const said = text.trim();
  if (said === '') return '';
  const tags = said.startsWith(`${NS}<`) ? tagsOf(said) : [];
  if (tags.length === 0) return said === 'null' ? null : (valueOf(said) ?? said);
  if (tags[0][0] === 'item')
    return tags.filter(([tag]) => tag === 'item').map(([, inside]) => valueIn(inside));
  return Object.fromEntries(tags.map(([tag, inside]) => [tag, valueIn(inside)]));
}
