import { agent, type Definitions, type Tool } from 'swift-ts/plugin';
import { names } from './_described.js';
import { listed, QwenAgent } from './_qwen.js';

@agent({ id: 'qwen_zh', summary: 'Calls of Qwen-Agent in Chinese: ✿FUNCTION✿, ✿ARGS✿, ✿RESULT✿' })
export class QwenZh extends QwenAgent {
  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}

# 工具

## 你拥有如下工具：

${listed(tools, '输入参数：', '此工具的输入应为JSON对象。')}

## 你可以在回复中插入零次、一次或多次以下命令以调用工具：

✿FUNCTION✿: 工具名称，必须是[${names(tools)}]之一。
✿ARGS✿: 工具输入
✿RESULT✿: 工具结果
✿RETURN✿: 根据工具结果进行回复，需将图片用![](url)渲染出来`,
    };
  }
}
