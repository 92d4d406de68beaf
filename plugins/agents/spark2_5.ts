import { agent, observed, pythonJson, REACT, unwrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';
import { GLM_TAGS, taggedPieces, taggedScan } from './_tagged.js';

const NEXT = '<｜end▁of▁sentence｜><｜start▁of▁sentence｜>';

/** Spark X2.5: names and pairs of tags, results in a turn of the role Tool. */
@agent({ id: 'spark2_5', summary: 'Tags of Spark X2.5: <arg_key>, <arg_value>' })
export class Spark2_5 implements Agent {
  readonly scan = taggedScan(GLM_TAGS);

  define(tools: readonly Tool[], system = ''): Definitions {
    const list = tools.map((tool) => pythonJson(unwrapped(tool))).join('\n');
    const said = `## Tools\nYou have access to the following functions:\n<tools>\n${list}\n</tools>`;
    return { system: system === '' ? said : `${said}\n\n${system}` };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + calls.flatMap((call) => taggedPieces(call, GLM_TAGS)).join('');
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => `<tool_response>${content}</tool_response>`);
    const between = `${NEXT}<|Tool|>${said.join('')}${NEXT}<|Bot|>`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}
