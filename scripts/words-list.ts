/**
 * Words that were private to this code, and the field's words that took their place (the glossary of
 * docs/architecture.md). scripts/words.ts holds names of files, exports and variables to them.
 */
export interface Retired {
  /** As in a name: `turnAway`, `letter`. Of several words they must follow one another. */
  readonly word: string;
  readonly becomes: string;
  /** Words of which one in front makes it another thing: a `deadLetter` is right. */
  readonly unlessAfter?: readonly string[];
  /** Words of which one behind makes it another thing. */
  readonly unlessBefore?: readonly string[];
  /** Only the whole name, not a part of one. */
  readonly whole?: true;
  /** Folders in which the word means this thing; everywhere else it is the usual English one. */
  readonly within?: readonly string[];
  /** Only names of files and of exports: on a member the rest is said by what it is a member of. */
  readonly exported?: true;
  /** Files, folders and whole names in which it is another thing, or public and has to stay; each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

const pipeline = ['src/pipeline', 'test/pipeline'];

export const retired: readonly Retired[] = [
  { word: 'valve', becomes: 'circuit breaker' },
  { word: 'valves', becomes: 'circuit breakers' },
  { word: 'lets', becomes: 'tryAcquire' },
  { word: 'shut', becomes: 'isOpen, close' },
  {
    word: 'fuse',
    becomes: 'rejection rate',
    except: {
      'src/config': 'the name of the setting, which users know',
      'test/config': 'the name of the setting',
      fuse: 'the name of the setting',
      FuseSettings: 'the type of the setting',
    },
  },
  { word: 'fuses', becomes: 'rejection rates' },
  { word: 'door', becomes: 'audience lookup' },
  { word: 'doors', becomes: 'audience lookups' },
  { word: 'passenger', becomes: 'queued work' },
  { word: 'lot', becomes: 'parking queue' },
  { word: 'lots', becomes: 'parking queues' },
  {
    word: 'place',
    becomes: 'parking partition',
    // The port that has a partition for each partition of the source.
    unlessAfter: ['parking'],
    except: { placeOf: 'of that port' },
    within: ['src/pipeline', 'src/kafka/parking', 'src/core/parked.ts', 'test/pipeline', 'test/kafka/parking'],
  },
  { word: 'ending', becomes: 'shutdown', whole: true },
  { word: 'flow', becomes: 'backpressure' },
  { word: 'bounds', becomes: 'backpressure', within: pipeline },
  { word: 'took', becomes: 'acquire' },
  { word: 'gaveBack', becomes: 'release' },
  { word: 'halts', becomes: 'lane halts', unlessAfter: ['lane'], exported: true },
  { word: 'turnAway', becomes: 'rejectWaiting' },
  { word: 'turnedAway', becomes: 'rejectWaiting' },
  { word: 'expel', becomes: 'rejectHeld' },
  { word: 'look', becomes: 'tick', unlessBefore: ['up', 'ups', 'at'] },
  { word: 'looking', becomes: 'ticking' },
  { word: 'recheck', becomes: 'dropRemoved' },
  { word: 'custody', becomes: 'hand-over state' },
  { word: 'told', becomes: 'announced' },
  { word: 'made', becomes: 'the noun, or delivery origins', whole: true },
  {
    word: 'part',
    becomes: 'subscription key',
    whole: true,
    within: ['src/pipeline', 'src/replay', 'src/core', 'src/file'],
  },
  { word: 'partOf', becomes: 'subscriptionKey' },
  { word: 'tally', becomes: 'event counts' },
  { word: 'tracker', becomes: 'offset tracker', unlessAfter: ['offset'], exported: true },
  {
    word: 'progress',
    becomes: 'partial progress',
    unlessAfter: ['partial', 'work', 'subscription'],
    within: pipeline,
    exported: true,
  },
  { word: 'recordRoom', becomes: 'record arena' },
  { word: 'occupant', becomes: 'slot' },
  { word: 'spareRooms', becomes: 'buffer pool' },
  {
    word: 'letter',
    becomes: 'dead letter',
    unlessAfter: ['dead'],
    except: {
      ...lettersOfTheAlphabet('src/identity', 'test/identity', 'src/trigger', 'src/config'),
      letter: 'a member of what replay prints, and the API answers, as JSON',
    },
  },
  {
    word: 'letters',
    becomes: 'dead letters',
    unlessAfter: ['dead'],
    except: {
      ...lettersOfTheAlphabet('src/identity', 'test/identity', 'src/trigger', 'src/kit'),
      letters: 'a member of what the API answers as JSON',
    },
  },
  {
    word: 'hops',
    becomes: 'replay count',
    except: {
      hops: 'a member of dead letters in files, and of what replay prints as JSON',
      too_many_hops: 'a reason in what replay prints as JSON',
    },
  },
  {
    word: 'marks',
    becomes: 'replayed keys',
    within: ['src/replay', 'src/kafka', 'src/file', 'src/core', 'test/replay'],
    except: { 'src/file/lines.ts': 'marks of byte order' },
  },
  { word: 'letterEntries', becomes: 'entry ranges' },
  { word: 'undivided', becomes: 'all or nothing' },
  { word: 'stern', becomes: 'reject when blocked' },
  { word: 'suspicion', becomes: 'unknown codes' },
  { word: 'persistence', becomes: 'poison evidence' },
  { word: 'persisting', becomes: 'retry lookup' },
  { word: 'settling', becomes: 'split', within: ['src/delivery', 'test/delivery'] },
  { word: 'sound', becomes: 'valid' },
  { word: 'clashes', becomes: 'collisions' },
  { word: 'asks', becomes: 'requested changes', within: ['src/replay', 'test/replay'] },
  { word: 'laterChanges', becomes: 'newer changes' },
  { word: 'narrowing', becomes: 'replay scope' },
  { word: 'inForce', becomes: 'active destinations' },
  {
    word: 'places',
    becomes: 'endpoints',
    within: ['src/connector'],
    except: { placesOfCodes: 'places in a mapping' },
  },
  { word: 'mend', becomes: 'fix' },
  { word: 'mended', becomes: 'fixed' },
  { word: 'one', becomes: 'the noun', whole: true },
];

function lettersOfTheAlphabet(...folders: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(folders.map((folder) => [folder, 'letters of the alphabet']));
}
