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
