import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { apis, names } from './_described.js';
import { React } from './_react.js';

/** https://qwen.readthedocs.io/en/latest/framework/function_call.html. It takes the place of the system prompt. */
@agent({ id: 'react_en', summary: 'ReAct in English: Thought, Action, Action Input, Observation' })
export class ReactEn extends React {
  define(tools: readonly Tool[]): Definitions {
    const system = `Answer the following questions as best you can. You have access to the following tools:

${apis(tools)}

Use the following format:

Question: the input question you must answer
Thought: you should always think about what to do
Action: the action to take, should be one of [${names(tools)}]
Action Input: the input to the action
Observation: the result of the action
... (this Thought/Action/Action Input/Observation can be repeated zero or more times)
Thought: I now know the final answer
Final Answer: the final answer to the original input question

Begin!
`;
    return { system };
  }
}
