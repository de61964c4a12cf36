/** What became of a row. */
export type RowChange = 'new' | 'updated' | 'deleted';

const words: Readonly<Record<RowChange, string>> = {
  // Debezium (r: read in a snapshot), Maxwell, MongoDB, DynamoDB, reverse ETL.
  new: 'c r i new create created insert inserted bootstrap-insert read snapshot added',
  updated: 'u update updated upsert upserted modify modified replace replaced change changed merge',
  deleted: 'd delete deleted remove removed destroy destroyed',
};

const changes: ReadonlyMap<string, RowChange> = new Map(
  Object.entries(words).flatMap(([change, texts]) =>
    texts.split(' ').map((text): [string, RowChange] => [text, change as RowChange]),
  ),
);

/** The change that a database, or what copies one, calls so; undefined for a word that says nothing. */
export function rowChangeOf(word: unknown): RowChange | undefined {
  return typeof word === 'string' ? changes.get(word.trim().toLowerCase().replaceAll('_', '-')) : undefined;
}
