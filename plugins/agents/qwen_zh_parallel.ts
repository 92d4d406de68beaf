import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { names } from './_described.js';
import { listed, QwenAgent } from './_qwen.js';

@agent({ id: 'qwen_zh_parallel', summary: 'Calls of Qwen-Agent in Chinese, several at once' })
export class QwenZhParallel extends QwenAgent {
  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}

# 工具

## 你拥有如下工具：

${listed(tools, '输入参数：', '此工具的输入应为JSON对象。')}

## 你可以在回复中插入以下命令以并行调用N个工具：

✿FUNCTION✿: 工具1的名称，必须是[${names(tools)}]之一
✿ARGS✿: 工具1的输入
✿FUNCTION✿: 工具2的名称
✿ARGS✿: 工具2的输入
...
✿FUNCTION✿: 工具N的名称
✿ARGS✿: 工具N的输入
✿RESULT✿: 工具1的结果
✿RESULT✿: 工具2的结果
...
✿RESULT✿: 工具N的结果
✿RETURN✿: 根据工具结果进行回复，需将图片用![](url)渲染出来`,
    };
  }
}
