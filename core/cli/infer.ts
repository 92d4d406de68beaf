import { MEDIA_FIELDS, type MediaKind } from '../contracts/media.js';
import { counted } from '../counted.js';
import { MEDIA_TAGS, tagsIn } from '../data/preprocess/media.js';
import { readArguments } from './read-arguments.js';
import { SwiftError } from '../errors.js';
import type { InferArguments } from '../sdk/infer.js';
import { EngineThread } from '../worker/engine-thread.js';
import type { OpenedChat } from '../worker/messages.js';
import { Interrupts } from './interrupts.js';
import { runConversation, sayObjects, type Partner } from './conversation.js';
import { paint, TerminalLog } from './terminal.js';

/** `swift infer`: one question, a dataset, or a conversation. */
export async function run(argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments('infer', argv, log);
  if (args.query !== null && args.val_dataset.length > 0) {
    throw new SwiftError('BAD_ARGUMENT', '--query and --val_dataset are both given', {
      cure: 'Leave one out: one question is answered, or those of the datasets.',
    });
  }
  if (args.query !== null && args.draw) {
    throw new SwiftError('BAD_ARGUMENT', '--draw: --query has no picture to draw on', {
      cure: 'Leave --draw out; or leave --query out and ask in the conversation, or about rows (--val_dataset).',
    });
  }
  const engine = new EngineThread(log);
  let interrupts: Interrupts | undefined;
  try {
    const opened = await engine.call('openChat', args);
    const partner = partnerOf(engine, opened);
    const { stream, draw } = args;
    if (args.query !== null) {
      checkQuery(args.query, opened.media);
      await answerOne(partner, args.query, stream);
    } else if (args.val_dataset.length > 0) {
      // Before, while the model is loaded, Ctrl-C ends at once.
      interrupts = new Interrupts(log, 'writing the answers that are finished');
      await answerDatasets(engine, args, interrupts);
    } else await runConversation(partner, { stream, draw, isBase: opened.isBase, media: opened.media });
  } finally {
    interrupts?.ignore();
    await engine.close();
    interrupts?.leave();
  }
}

/** @throws SwiftError BAD_ARGUMENT for a tag, which stands for a medium that no argument brings */
function checkQuery(query: string, media: readonly MediaKind[]): void {
  const kind = media.find((one) => tagsIn(query, one) > 0);
  if (kind === undefined) return;
  throw new SwiftError('BAD_ARGUMENT', `--query: no ${kind} is given for ${MEDIA_TAGS[kind]}`, {
    cure: [
      'Leave --query out: the conversation asks for the path of each.',
      `Or put the question into a file of rows for --val_dataset: {"messages": [{"role": "user", "content": "…"}], "${MEDIA_FIELDS[kind]}": ["path"]}.`,
    ],
  });
}

/** The chat in the engine's thread. */
function partnerOf(engine: EngineThread, opened: OpenedChat): Partner {
  return {
    system: opened.system,
    answer(messages, onEvent, signal) {
      return engine.call('answer', { messages, system: this.system }, { onEvent, signal });
    },
  };
}

async function answerOne(partner: Partner, query: string, stream: boolean): Promise<void> {
  const write = (text: string): boolean => process.stdout.write(text);
  const answer = await partner.answer([{ role: 'user', content: query }], stream ? write : undefined);
  write(stream ? '\n' : `${answer.text}\n`);
  sayObjects(answer);
}

/** The first Ctrl-C ends the answers under way; those that are finished are in the file. */
async function answerDatasets(
  engine: EngineThread,
  args: InferArguments,
  interrupts: Interrupts,
): Promise<void> {
  let drawings = 0;
  const { count, output } = await engine.call('answerDatasets', args, {
    signal: interrupts.signal,
    onEvent: ({ asked, response, label, drawn, done, total }) => {
      if (drawn !== undefined) drawings++;
      process.stderr.write(`${paint(`[${done}/${total}] ${asked}`, 'dim')}\n`);
      process.stderr.write(`${response}\n${label === undefined ? '' : paint(`label: ${label}\n`, 'cyan')}`);
    },
  });
  process.stdout.write(`${counted(count, 'answer')}: ${output}\n`);
  if (args.draw)
    process.stderr.write(`${paint(`drawn: ${drawings} of ${count}; the others name no place`, 'dim')}\n`);
  if (interrupts.code !== undefined) process.exitCode = interrupts.code;
}
