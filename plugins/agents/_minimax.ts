import { observed, REACT, type Reply, type ToolResult, type TurnTexts } from 'swift-ts/plugin';

/** Results stand in a turn like a user's, of the role tool. */
export function repliedInToolTurn(answer: string, results: readonly ToolResult[], around: TurnTexts): Reply {
  const said = results.map(({ content }) => `<response>${content}</response>`).join('\n');
  const [before, ...behind] = around.turn(PLACE).split(PLACE);
  const turn = [before, behind.join(PLACE)].map((text) => text.replaceAll('user', 'tool'));
  const between = around.separator + turn.join(said);
  return observed(answer, results, REACT) ?? { answer, between };
}

/** Stands where the results go, as no text does. */
const PLACE = '\uFDD0';
