import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { described, names } from './_described.js';
import { React } from './_react.js';

/** https://qwen.readthedocs.io/zh-cn/latest/framework/function_call.html. It takes the place of the system prompt. */
@agent({ id: 'react_zh', summary: 'ReAct in Chinese: Thought, Action, Action Input, Observation' })
export class ReactZh extends React {
  define(tools: readonly Tool[]): Definitions {
    const list = tools
      .map(described)
      .map(
        ({ name, title, description, parameters }) =>
          `${name}: 调用此工具与 ${title} API 进行交互。${title} 有什么用？${description} 输入参数：${parameters} ` +
          '此工具的输入应为JSON对象。',
      );
    const system = `尽可能地回答以下问题。你可以使用以下工具:

${list.join('\n\n')}

请按照以下格式进行:

Question: 需要你回答的输入问题
Thought: 你应该总是思考该做什么
Action: 需要使用的工具，应该是[${names(tools)}]中的一个
Action Input: 传入工具的内容
Observation: 行动的结果
... (这个Thought/Action/Action Input/Observation可以重复N次)
Thought: 我现在知道最后的答案
Final Answer: 对原始输入问题的最终答案

现在开始！
`;
    return { system };
  }
}
