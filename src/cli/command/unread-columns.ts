import type { ConfiguredDestination } from '../../config/destination.ts';
import { pathsRead } from '../../config/paths-read.ts';
import { columnNamed } from '../../core/person-columns.ts';
import { holdsBytes, type TopicsSettings } from '../../core/topic-settings.ts';
import { topicOfFile } from '../../file/source-history.ts';
import { isTable } from '../../file/table-rows.ts';
import { tableHead } from '../../file/table-head.ts';
import { headerName } from './header-name.ts';

/**
 * What is worth a warning about the header of a file of cells that is to be read as rows: columns that no subscription
 * reads, and lines above it. Nothing for other files.
 */
export async function unreadColumnWarnings(
  path: string,
  destinations: readonly ConfiguredDestination[],
  topics: TopicsSettings,
  topic = topicOfFile(path),
): Promise<readonly string[]> {
  const settings = topics.of(topic);
  // Bytes of another format may look like such rows, and their beginning is nobody's to see.
  if (!isTable(path) || (settings !== undefined && holdsBytes(settings))) return [];
  const { columns, line, hasTitle } = await tableHead(path);
  const paths = destinations.flatMap(({ subscriptions }) => subscriptions.flatMap(pathsRead));
  const isRead = (member: readonly string[]) => paths.some((path) => meet(path, member));
  const unread = [...new Set(columns)].filter((column) => {
    const name = columnNamed(column);
    return !isRead(['properties', column]) && (name === undefined || !isRead(['context', 'row', 'person', name]));
  });
  return [
    ...(hasTitle ? [titleWarning(path, line)] : []),
    ...unread.map(
      (column) => `${path}:${line}:${columns.indexOf(column) + 1}: no mapping reads the column "${headerName(column)}"`,
    ),
  ];
}

/** Of a file of cells with a header that doesn't come first. */
export function titleWarning(path: string, headerLine: number): string {
  return `${path}: the columns are named in line ${headerLine}; what stands above it is left out`;
}

/** One of them is the other, or within it. */
function meet(path: readonly string[], member: readonly string[]): boolean {
  const length = Math.min(path.length, member.length);
  return path.slice(0, length).every((key, at) => key === member[at]);
}
