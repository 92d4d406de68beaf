import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { names } from './_described.js';
import { listed, QwenAgent } from './_qwen.js';

@agent({ id: 'qwen_en', summary: 'Calls of Qwen-Agent in English: ✿FUNCTION✿, ✿ARGS✿, ✿RESULT✿' })
export class QwenEn extends QwenAgent {
  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}

# Tools

## You have access to the following tools:

${listed(tools, 'Parameters: ', 'Format the arguments as a JSON object.')}

## When you need to call a tool, please insert the following command in your reply, which can be called zero or multiple times according to your needs:

✿FUNCTION✿: The tool to use, should be one of [${names(tools)}]
✿ARGS✿: The input of the tool
✿RESULT✿: Tool results
✿RETURN✿: Reply based on tool results. Images need to be rendered as ![](url)`,
    };
  }
}
