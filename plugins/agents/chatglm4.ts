import { agent } from 'swift-ts/plugin';
import { Glm4Agents } from './_glm4.js';

/** https://huggingface.co/THUDM/glm-4-9b-chat/blob/main/tokenization_chatglm.py. It takes the place of the system prompt. */
@agent({ id: 'chatglm4', summary: 'Calls of GLM-4-9B: a name, and JSON on the next line' })
export class Chatglm4Agent extends Glm4Agents {
  protected readonly system =
    '你是一个名为 GLM-4 的人工智能助手。你是基于智谱AI训练的语言模型 GLM-4 模型开发的，你的任务是针对用户的问题和要求提供适当的答复和支持。\n\n';
}
