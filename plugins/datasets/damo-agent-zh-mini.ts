import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
import type { PreprocessContext, RawRow, StandardRow } from 'swift-ts/plugin';

/** A tool in a list of tools. */
const PLUGIN = /\d\. \{"plugin_name": "(.+?)"/g;

/** https://modelscope.cn/datasets/damo/MSAgent-Bench: dialogues whose system prompt lists two tools or more. */
@dataset({
  id: 'damo-agent-zh-mini',
  summary: '20,845 dialogues of MSAgent-Bench that choose between several tools',
  ms: 'damo/MSAgent-Bench',
  tags: ['chat', 'agent', 'multi-round'],
})
export class DamoAgentZhMini extends AutoPreprocessor {
  override toRow(raw: RawRow, context?: PreprocessContext): StandardRow | undefined {
    const row = super.toRow(raw, context);
    const [first] = row?.messages ?? [];
    if (first?.role !== 'system') return undefined;
    const names = [...first.content.matchAll(PLUGIN)].map(([, name]) => name);
    return new Set(names).size > 1 ? row : undefined;
  }
}
