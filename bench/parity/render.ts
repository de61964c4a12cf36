import type { FoundDifference, ParityResult } from './run.ts';

/** The result for people, or for programs. */
export function renderParity(result: ParityResult, asJson: boolean): string {
  const { events, compared, same, unknown, unknownCount } = result;
  const explained = [...result.explained].sort(([, first], [, second]) => second.count - first.count);
  if (asJson) {
    const reasons = explained.map(([{ id, text }, { count, example }]) => ({ id, text, count, example }));
    return JSON.stringify({ events, compared, same, reasons, unknownCount, unknown }, null, 2);
  }
  const total = explained.reduce((sum, [, { count }]) => sum + count, 0);
  const lines = [
    `${events} events, ${compared} that one of the two would send for a subscription, ${same} of them alike in everything.`,
    `${total + unknownCount} differences, ${unknownCount} of them without a known reason.`,
    '',
    ...explained.flatMap(([{ id, text }, { count, example }]) => [
      `${String(count).padStart(7)}  ${id}: ${text}`,
      `         such as ${shown(example)}`,
    ]),
  ];
  if (unknownCount > 0) lines.push('', 'Without a known reason:', ...unknown.map((each) => `  ${shown(each)}`));
  return lines.join('\n');
}

function shown({ subscription, messageId, path, theirs, ours }: FoundDifference): string {
  const value = (each: unknown) => (each === undefined ? 'nothing' : JSON.stringify(each));
  return `${subscription}, ${String(messageId)}: ${path} is ${value(theirs)} there, ${value(ours)} here`;
}
