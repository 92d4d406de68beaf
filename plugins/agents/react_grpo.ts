import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { apis, names } from './_described.js';
import { React } from './_react.js';

/** ReAct whose thoughts stand between tags. It takes the place of the system prompt. */
@agent({ id: 'react_grpo', summary: 'ReAct with thoughts between <think> and </think>' })
export class ReactGrpo extends React {
  define(tools: readonly Tool[]): Definitions {
    const system = `A conversation for tool calling between User and Assistant. The user asks a question which may be solved by calling tools, and the Assistant solves it. The assistant first thinks about the reasoning process in the mind and then provides the user with the answer. The reasoning process should be enclosed within <think> </think>tags and answer should follow the ReACT format(Action:xxx
Action Input:xxx), i.e., <think> reasoning process here </think> Action: action here
Action Input: parameters here

Answer the following questions as best as you can. You have access to the following tools:

${apis(tools)}

Use the following format:

<think>you should always think about what to do</think>
Action: the action to take, should be one of [${names(tools)}]
Action Input: the input to the action
Observation: the result of the action, given by the actual calling
... (this Thought/Action/Action Input/Observation can be repeated zero or more times)
Final Answer: the final answer to the original input question

Begin!
`;
    return { system };
  }
}
