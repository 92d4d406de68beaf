/** Rows of the local hub's datasets of agents, in the columns that the real ones have. The conversations are this project's own. */
import { CAPITALS } from './facts.js';

const TOOLS = [
  {
    name: 'capital_of',
    description: 'The capital of a country',
    parameters: { type: 'object', properties: { country: { type: 'string' } }, required: ['country'] },
  },
  { name: 'Finish', description: 'Gives the final answer', parameters: { type: 'object', properties: {} } },
];

const step = (thought: string, action: string, input: object): string =>
  `Thought: ${thought}\nAction: ${action}\nAction Input: ${JSON.stringify(input)}`;

/** As ToolBench: steps of ReAct, results as turns of the role function. */
export function toolBenchRows(): readonly object[] {
  return CAPITALS.slice(0, 24).map(([country, city], i) => ({
    id: `Step 2: What is the capital of ${country}?`,
    conversations: [
      { from: 'system', value: `You can use these tools: ${JSON.stringify(TOOLS)}` },
      { from: 'user', value: `What is the capital of ${country}?` },
      { from: 'assistant', value: step('I look it up.', 'capital_of', { country }) },
      { from: 'function', value: JSON.stringify({ error: '', response: city }) },
      {
        from: 'assistant',
        value: step(i % 2 === 0 ? 'I know it.' : 'That is it.', 'Finish', {
          return_type: 'give_answer',
          final_answer: `It is ${city}.`,
        }),
      },
    ],
  }));
}

/** As xLAM: a question, and the calls that answer it, as JSON text. */
export function functionCallRows(): readonly object[] {
  return CAPITALS.slice(0, 24).map(([country], i) => ({
    id: i,
    query: `Find the capital of ${country}.`,
    answers: JSON.stringify([{ name: 'capital_of', arguments: { country } }]),
    tools: JSON.stringify(TOOLS.slice(0, 1)),
  }));
}

/** As AgentInstruct: turns as text of Python, without the commas between them. */
export function trajectoryRows(): readonly object[] {
  const quoted = (text: string): string => `'${text.replaceAll('\n', '\\n')}'`;
  const turn = (from: string, loss: string, value: string): string =>
    `{'from': '${from}', 'loss': ${loss}, 'value': ${quoted(value)}}`;
  return CAPITALS.slice(0, 12).map(([country, city], i) => ({
    conversations: `[${[
      turn('human', 'None', 'You act step by step.'),
      turn('gpt', 'False', 'OK.'),
      turn('human', 'None', `What is the capital of ${country}?`),
      turn('gpt', 'True', `Thought: I know it.\nAction: answer ${city}`),
    ].join('\n ')}]`,
    id: `os_${i}`,
  }));
}

/** As α-UMi's: what a part is asked, as the turn system, and its answer under the part's name. */
export function partRows(part: string): readonly object[] {
  return CAPITALS.slice(0, 8).map(([country], i) => ({
    id: `hub_${i}`,
    conversations: [
      { from: 'system', value: `Find the capital of ${country}. Say what to do next.` },
      { from: part, value: `Action: capital_of\nAction Input: ${JSON.stringify({ country })}` },
    ],
  }));
}

/** As MSAgent-Bench: plugins in the system turn, calls and results between marks within the answer. */
export function pluginRows(): readonly object[] {
  return CAPITALS.slice(0, 8).map(([country, city], i) => {
    const plugins = ['capital_of', ...(i % 2 === 0 ? ['translate'] : [])];
    const listed = plugins.map(
      (name, n) => `${n + 1}. ${JSON.stringify({ plugin_name: name }).replace(':', ': ')}`,
    );
    const call = JSON.stringify({ api_name: 'capital_of', parameters: { country } });
    return {
      id: `hub_${i}`,
      conversations: [
        { from: 'system', value: `你可以调用以下插件：\n${listed.join('\n')}` },
        { from: 'user', value: `${country}的首都是哪里？` },
        {
          from: 'assistant',
          value: `<|startofthink|>${call}<|endofthink|>\n\n<|startofexec|>${city}<|endofexec|>\n${city}。`,
        },
      ],
    };
  });
}

/** As MSAgent-MultiRole: a chat room whose last speaker answers. */
export function chatRoomRows(): readonly object[] {
  return CAPITALS.slice(0, 6).map(([country, city], i) => ({
    id: `hub_${i}`,
    conversations: [
      { from: 'system', value: `你是小王，你去过${country}。` },
      { from: '小李', value: `${country}的首都是哪里？` },
      { from: '小王', value: `是${city}。` },
    ],
  }));
}

/** As function-calling-chatml: functions in a text, calls and results as turns of their own. */
export function chatmlCallRows(): readonly object[] {
  const [tool] = TOOLS;
  return CAPITALS.slice(0, 8).map(([country, city], i) => ({
    system_message: 'You are a helpful assistant with access to functions.',
    function_description: i % 4 === 3 ? '' : JSON.stringify(tool, null, 1),
    conversations: [
      { from: 'system', value: 'You are a helpful assistant with access to functions.' },
      { from: 'human', value: `What is the capital of ${country}?` },
      ...(i % 4 === 3
        ? []
        : [
            { from: 'function-call', value: JSON.stringify({ name: tool.name, arguments: { country } }) },
            { from: 'function-response', value: JSON.stringify({ capital: city }) },
          ]),
      { from: 'gpt', value: `It is ${city}.` },
    ],
  }));
}
