import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { names } from './_described.js';
import { listed, QwenAgent } from './_qwen.js';

@agent({ id: 'qwen_en_parallel', summary: 'Calls of Qwen-Agent in English, several at once' })
export class QwenEnParallel extends QwenAgent {
  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}

# Tools

## You have access to the following tools:

${listed(tools, 'Parameters: ', 'Format the arguments as a JSON object.')}

## Insert the following command in your reply when you need to call N tools in parallel:

✿FUNCTION✿: The name of tool 1, should be one of [${names(tools)}]
✿ARGS✿: The input of tool 1
✿FUNCTION✿: The name of tool 2
✿ARGS✿: The input of tool 2
...
✿FUNCTION✿: The name of tool N
✿ARGS✿: The input of tool N
✿RESULT✿: The result of tool 1
✿RESULT✿: The result of tool 2
...
✿RESULT✿: he result of tool N
✿RETURN✿: Reply based on tool results. Images need to be rendered as ![](url)`,
    };
  }
}
