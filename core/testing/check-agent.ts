/** What a format of tools keeps beyond its methods: calls that it writes are read back, however the answer is cut. */
import { CallParser, parseCalls } from '../agent/call-parser.js';
import type { Call, Tool } from '../contracts/agent.js';
import type { Plugin } from '../registry/plugins.js';

const TOOLS: readonly Tool[] = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'The weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];
const CALLS: readonly Call[] = ['Paris', '東京'].map((city) => ({ name: 'weather', arguments: { city } }));
const AROUND = { separator: '<end>', turn: (query: string) => `<user>${query}<assistant>` };

export async function* checkAgent({ instance: agent }: Plugin<'agent'>): AsyncGenerator<string> {
  const { system, question = 'How is it?' } = agent.define(TOOLS, 'Be brief.', 'How is it?');
  if (!`${system}${question}`.includes('weather')) yield '`define` does not say the tool';
  const answer = agent.answer('', CALLS);
  const read = parseCalls(answer, agent, TOOLS);
  if (JSON.stringify(read.calls) !== JSON.stringify(CALLS)) {
    yield `\`scan\` reads other calls than \`answer\` wrote: ${JSON.stringify(read.calls)}`;
  }
  const parser = new CallParser(agent, TOOLS);
  const pieces = [...answer].map((character) => parser.push(character));
  pieces.push(parser.end());
  const cut = { text: pieces.map(({ text }) => text).join(''), calls: pieces.flatMap(({ calls }) => calls) };
  if (JSON.stringify(cut) !== JSON.stringify(read)) yield '`scan` reads other calls where the answer is cut';
  if (parseCalls('Hello.', agent, TOOLS).text !== 'Hello.') yield '`scan` loses text';
  const reply = agent.reply(answer, [{ content: 'sunny' }, { content: 'rainy' }], CALLS, AROUND);
  const { between } = reply;
  if (!/sunny.*rainy/s.test(between)) yield '`reply` does not say the results in their order';
}
