/**
 * What each code of ours means and what to do about it. Made from docs/reference/codes.md by `npm run generate`: change
 * it there.
 */
export const codeWords: ReadonlyMap<string, readonly [meaning: string, fix: string]> = new Map([
  [
    'NOT_JSON',
    [
      'The record is not JSON, or is Avro or Protobuf of a schema registry that nobody was told of. In a mapping: a value that JSON does not have.',
      'Say in sources.json how the topic is read, or write JSON to it.',
    ],
  ],
  ['INVALID_UTF8', ["The record's bytes are not UTF-8.", 'Write UTF-8.']],
  [
    'TOO_DEEP',
    ["The record's objects and lists nest too deeply to be read.", "Find out what makes such events: people don't."],
  ],
  [
    'TOO_MANY_MEMBERS',
    [
      'The record has more than 30,000 different names of members or more than 2,000,000 parts (objects, lists and what is in them); or an object of it has more than 10,001 members, and by those that were read it is no event, or none that a trigger selects.',
      'Send lists of objects that have the same names, not objects whose names are data.',
    ],
  ],
  [
    'RECORD_TOO_LARGE',
    ['The record has more bytes than MAX_RECORD_BYTES.', 'Send less with the event, or raise the setting.'],
  ],
  [
    'ENVELOPE_MISSING',
    ['The record lacks a member that ENVELOPE names.', 'Set ENVELOPE to where the event is, or leave it out.'],
  ],
  [
    'UNPACK_MISSING',
    [
      'The record lacks the list of events that unpack of sources.json names.',
      'Set unpack to where the list is, or leave it out.',
    ],
  ],
  [
    'KEY_UNREADABLE',
    [
      'A mapping or a trigger asks for the record (context.kafka), and its key is not what key of sources.json says.',
      'Set key to what the keys are.',
    ],
  ],
  [
    'NOT_AN_EVENT',
    [
      'The record, or one of several events in it, is JSON, but not an object with a type.',
      'Send calls as the Segment spec has them, or set ENVELOPE, or RECORDS for rows of a database.',
    ],
  ],
  [
    'NOT_A_ROW',
    [
      "With RECORDS=debezium or rows: the record is no change of a row, or no row. Or a record call of RudderStack's has no action that is known.",
      'Read the topics of tables only, not those of heartbeats, transactions or schema changes; or set RECORDS to what the topic holds.',
    ],
  ],
  [
    'NOT_A_CLOUD_EVENT',
    [
      'With records or RECORDS cloudevents: neither the record nor its headers say specversion and type.',
      'Set records to what the topic holds.',
    ],
  ],
  [
    'ROW_MALFORMED',
    [
      'A row of a file of cells has a broken quote, more cells than the header, or bytes that are not UTF-8. The message names its line.',
      'Correct the line, and run the corrected rows as a file of their own.',
    ],
  ],
  [
    'ROW_MISSING',
    [
      "The change doesn't hold the row: a deletion without the values before, or no columns at all.",
      'Let the database tell the values before: in Postgres REPLICA IDENTITY FULL.',
    ],
  ],
  ['TABLE_TRUNCATED', ["A table was emptied at once, which doesn't tell who was in it.", 'Replace the audience.']],
  [
    'UNKNOWN_TYPE',
    [
      "The type is none of track, identify, page, screen, group and alias, nor RudderStack's record and audiencelist.",
      'Correct what sends it.',
    ],
  ],
  [
    'BUG',
    [
      "The program itself failed on the record, or on one subscription's part of it. The message names the place in the program and a fingerprint; meta_actions_bugs_total counts it.",
      'Report it, and replay with a version that has it mended.',
    ],
  ],
  ['TOO_MANY_EVENTS', ['The record is a list or a batch of more than 10,000 events.', 'Send smaller batches.']],
  [
    'SCHEMA_UNKNOWN',
    [
      'The registry does not know the schema that the record names.',
      "See whether SCHEMA_REGISTRY_URL is the writer's registry; register the schema; then replay.",
    ],
  ],
  [
    'SCHEMA_MISMATCH',
    [
      'The bytes of the record are no value of its schema, or the schema is of another format than sources.json says.',
      'Correct the writer, or the format of the topic.',
    ],
  ],
  ['SCHEMA_INVALID', ["The schema can't be used: the message says why.", 'Correct the schema.']],
  ['SCHEMA_CYCLIC', ['The schema, or its references, contain themselves without an end.', 'Correct the schema.']],
  [
    'TOO_MANY_ITEMS',
    ['The record claims lists of more items than its bytes can hold.', 'Find out what makes such records.'],
  ],
  [
    'WRONG_MAGIC_BYTE',
    [
      'The record does not begin with the id of a schema, in a topic of Avro or Protobuf; or the header with the id is none.',
      "Set the topic's format to what it holds, or to auto where JSON is mixed in.",
    ],
  ],
  ['FRAME_TRUNCATED', ['The record ends within the id of its schema.', 'Find out what cuts it off.']],
  [
    'GLUE_FRAMING',
    [
      'The record is framed by AWS Glue Schema Registry, which is not read.',
      "Let the writer use a registry with Confluent's API.",
    ],
  ],
  ['NOT_COMPRESSED', ['The record is not compressed as sources.json says.', 'Correct compression of the topic.']],
  [
    'FIELD_REQUIRED',
    [
      "A field that the action can't do without is absent.",
      'Map the field to something that every event of the subscription has.',
    ],
  ],
  [
    'FIELD_INVALID',
    [
      "The value of a field that decides what is done (the event's name; of an audience: which one, and who joins or leaves) is of the wrong type or none of its choices.",
      'Map the field to what the message asks for, or correct what sends it.',
    ],
  ],
  [
    'CURRENCY_INVALID',
    [
      "The currency isn't an ISO 4217 code that Meta takes. A Purchase is refused; of another event the currency is left out, with a warning.",
      'Map currency to a three-letter code.',
    ],
  ],
  [
    'MAPPING_CASE_OPERATOR',
    ["@case got an operator from the event that doesn't exist.", 'Write the operator into the mapping.'],
  ],
  [
    'MAPPING_LIQUID_LIMIT',
    ['A @liquid template took too much time or memory for this event.', 'Simplify the template.'],
  ],
  [
    'EVENT_TOO_OLD',
    [
      'The event is, or became while it waited, older than Meta accepts: 7 days, 62 for physical_store.',
      'Send events in time; map event_time if it is not when it happened. too_old: drop of the destination leaves them out without a dead letter.',
    ],
  ],
  [
    'EVENT_IN_FUTURE',
    [
      'The event happened more than 10 minutes in the future; the message says how far, and as what its time was read.',
      'Correct the clock of what sends it, or map event_time.',
    ],
  ],
  ['PURCHASE_VALUE_MISSING', ['A Purchase has no value.', "Map value to the order's total."]],
  [
    'PURCHASE_CURRENCY_MISSING',
    ['A Purchase has no currency.', 'Map currency, to a literal one if the shop has only one.'],
  ],
  [
    'IDENTIFIERS_INSUFFICIENT',
    [
      'The event identifies nobody, or only by what very many people share, such as a user agent.',
      'Map at least one of em, ph, external_id, fbp, fbc, client_ip_address or madid.',
    ],
  ],
  [
    'APP_DATA_INVALID',
    [
      'An app event does not say whether tracking is allowed, the platform, or its version.',
      'Map the member of app_data that the field names.',
    ],
  ],
  [
    'MESSAGING_CHANNEL_MISSING',
    ['A business_messaging event has no channel.', 'Map messaging_channel to messenger, whatsapp or instagram.'],
  ],
  [
    'MESSAGING_EVENT_UNSUPPORTED',
    [
      'Meta takes no event of this name from business messaging.',
      'Map event_name to a name of the list in the message.',
    ],
  ],
  [
    'MESSAGING_IDENTIFIER_MISSING',
    ['The channel needs an identifier that the event lacks.', 'Map the identifier that the message names.'],
  ],
  [
    'DUPLICATE_EVENT_ID',
    [
      'Another subscription sent the same name and event id to the same pixel for this record.',
      'Map another event_id or event_name, or narrow one of the triggers.',
    ],
  ],
  [
    'EVENT_TOO_LARGE',
    ['The event alone has more bytes than batch.max_bytes.', 'Map less into it, or raise the setting.'],
  ],
  [
    'USER_AGENT_MISSING',
    ['A website event has no user agent.', 'Map client_user_agent, by default context.userAgent.'],
  ],
  [
    'EVENT_SOURCE_URL_MISSING',
    ['A website event has no page address.', 'Map event_source_url, by default context.page.url.'],
  ],
  ['IDENTIFIER_JUNK', ['An identifier is a filler such as - or n/a: left out.', 'Send nothing instead of a filler.']],
  [
    'IDENTIFIER_UNUSABLE',
    ["An identifier can't be read as what it is: left out.", 'See identifiers.md for what is understood.'],
  ],
  [
    'IDENTIFIER_LEFT_OUT',
    [
      'An identifier is neither text nor a number, or has more than 100 values: left out.',
      'Map the field to text, or to the values of one person.',
    ],
  ],
  [
    'EXTERNAL_ID_HASHED',
    [
      'The external id of a person of an audience is an e-mail address or a phone number: sent hashed.',
      'Nothing, if nobody was added with it as given. Else set removal_versions, or use another id.',
    ],
  ],
  [
    'IDENTIFIER_STRIPPED',
    [
      'Something that is not hashed held an e-mail address, a phone number, the number of a card, or a value that is named like an identifier: taken out. The message names the places, never the values.',
      'Nothing, if it is not needed. A field that is meant to be sent as it is belongs into in_the_clear of the subscription.',
    ],
  ],
  [
    'FIELD_UNUSABLE',
    [
      'The value of a field that an event can do without is of the wrong type, out of its range, or none of its choices: left out. Text such as 1,299.00 or $12 is no number. A value that is left out so is the sum of the contents where all their prices are known.',
      'Map the field to what the message asks for, or correct what sends it.',
    ],
  ],
  [
    'MEMBERS_UNREAD',
    [
      'An object of the event has more than 10,001 members; those behind them were not read. Where a field is left out for its size (FIELD_TOO_LARGE), that warning says it.',
      'Send lists of objects that have the same names, not objects whose names are data.',
    ],
  ],
  [
    'FIELD_TOO_LARGE',
    [
      'A field holds more than a field may, or nests more than 32 levels deep: left out. The limits: 1,000 items in a list, 16,384 characters in a text; 10,000 members and 262,144 characters in an object with all that is in it.',
      'Map less into the field.',
    ],
  ],
  [
    'DATA_PROCESSING_PLACE_LEFT_OUT',
    [
      "A country or a state of limited data use is given, but not whether the event's use is limited: left out.",
      'Map data_processing_options too, or neither.',
    ],
  ],
  [
    'DATA_PROCESSING_PLACE_MISSING',
    [
      "The event's use is limited, without a country or a state that Meta knows: 0 is sent, by which Meta finds the place.",
      'Map the country and the state.',
    ],
  ],
  [
    'MEMBERS_LEFT_OUT',
    [
      'Users of a list have members that are no column: left out. The message names them.',
      'Name them as a column, or map the list to the columns; else nothing.',
    ],
  ],
  [
    'SCOPED_ID_LEFT_OUT',
    [
      "An app-scoped or page-scoped id comes without its app or page, and Meta can't read it: left out.",
      'Map app_ids, or page_ids with the one page.',
    ],
  ],
  [
    'ITEM_LEFT_OUT',
    ["Items of a list lack what each needs, such as a product's id: left out.", 'Correct what sends them.'],
  ],
  ['FBC_TOO_OLD', ['The click id is older than 90 days, after which Meta has no use for it: left out.', 'Nothing.']],
  [
    'API_VERSION_ENDS',
    [
      'Meta ends the API version of a destination in 90 days or fewer, or has ended it. Told by validate and by the connector.',
      'Set api_version to a newer one.',
    ],
  ],
  ['CURRENCY_MISSING', ["The event has a value without a currency, which Meta can't add up.", 'Map currency.']],
  [
    'EVENT_NAME_CASE',
    [
      "The name differs from a standard event's by its case, or by blanks around it, only: a custom event to Meta.",
      'Map event_name as Meta spells it.',
    ],
  ],
  [
    'EVENT_SOURCE_URL_LEFT_OUT',
    ['Meta refuses a page address in business messaging events: left out.', 'Map event_source_url to null.'],
  ],
  [
    'APP_DATA_LEFT_OUT',
    [
      'The event has app data, but is no app event, or the app data is incomplete: left out.',
      'Map action_source to app if it is one, and what the message names.',
    ],
  ],
  ['EXTRA_IGNORED', ['extra holds something that has a field of its own: left out.', 'Map that field.']],
  ['AUDIENCE_MISSING', ['The event names no audience.', 'Map audience_id, or audience_name.']],
  [
    'AUDIENCE_ID_INVALID',
    ["The audience's id has something else than digits.", 'Map audience_id to the id in Ads Manager, as text.'],
  ],
  ['AUDIENCE_NAME_TOO_LONG', ["The audience's name is longer than Meta takes.", 'Map audience_name to a shorter one.']],
  [
    'AD_ACCOUNT_MISSING',
    ['An audience known by its name needs an ad account.', 'Set ad_account_id of the destination, or map the field.'],
  ],
  [
    'MEMBERSHIP_UNKNOWN',
    [
      'The mapped membership is no word for joining or leaving.',
      'Map true or false, add or remove, entered or exited; translate other words with @map.',
    ],
  ],
  [
    'MEMBERSHIP_UNSAID',
    [
      "The event matches a trigger of yours, but doesn't say whether the person joins or leaves.",
      'Map membership, or narrow the trigger.',
    ],
  ],
  [
    'NO_IDENTIFIER',
    [
      'Nothing tells who the person is.',
      'Map one of external_id, em, ph, madid, or page_scoped_user_id with page_ids.',
    ],
  ],
  [
    'EXTERNAL_ID_MISSING',
    ['The person has no external id, and require_external_id is set.', 'Map external_id, or take the setting out.'],
  ],
  [
    'VALUE_MISSING',
    ['The audience is value-based, and the person has no value.', 'Map the value that the message names.'],
  ],
  [
    'VALUE_INVALID',
    ["A user's value for a value-based audience is not a number of at least 0.", 'Send LOOKALIKE_VALUE as a number.'],
  ],
  [
    'ROW_TOO_LARGE',
    ['An identifier is longer than a request may be.', 'Map a shorter identifier, or raise batch.max_bytes.'],
  ],
  [
    'ENTRIES_REJECTED',
    [
      "Entries of a list of users can't be sent; the others of the list are.",
      'The message names the entries and their codes.',
    ],
  ],
  [
    'LIST_INVALID',
    ['The list of users is not a list.', 'Send an array of objects, or map another member of the event.'],
  ],
  [
    'NO_USERS',
    [
      'The event matches a trigger of yours, but holds no list of users.',
      'Map users_add or users_remove, or narrow the trigger.',
    ],
  ],
  [
    'NOT_AN_OBJECT',
    [
      'An entry of a list of users is not an object.',
      'Send each user as an object of columns such as EMAIL and PHONE.',
    ],
  ],
  [
    'NOT_HASHED',
    [
      'Hashing is switched off, and a value is not a hash.',
      'Send SHA-256 in hex, or take "hash": false out of the mapping.',
    ],
  ],
  [
    'OPERATION_UNKNOWN',
    ['The message has users, but no operation that is known.', 'Map operation to create, add, remove or replace.'],
  ],
  [
    'REPLACE_EMPTY',
    [
      'The replacement has no users, and would leave nobody in the audience.',
      'Send the users who are to be in it; to take somebody out, map operation to remove.',
    ],
  ],
  [
    'REPLACE_IN_PARTS',
    [
      'A replacement is one list in one event; this one has removals too, or is one of several batches.',
      'Send all users in one event, or use meta-actions audiences replace.',
    ],
  ],
  [
    'REPLACE_TOO_LARGE',
    [
      'A replacement in one event takes at most 10,000 rows.',
      'Replace them from a file with meta-actions audiences replace.',
    ],
  ],
  [
    'SCHEMA_FIELDS_UNKNOWN',
    ['None of the schema fields is a column of audiences.', 'Name at least one of the list in the message.'],
  ],
  [
    'SESSION_INVALID',
    [
      'A session id is not a positive 64-bit integer.',
      'Send digits, as text above 2^53; or none, and the connector makes sessions of its own.',
    ],
  ],
  [
    'SESSION_REUSED',
    [
      'Additions and removals have the same session id, in one event or in two.',
      'Send another number for one of them.',
    ],
  ],
  [
    'SESSION_TOO_LARGE',
    [
      'A list with a session id is one request, and holds more rows than a request may.',
      'Send smaller lists, or no session ids.',
    ],
  ],
  [
    'SUPERSEDED',
    [
      'A newer change of the same person covered this one, and was refused.',
      'Look at the dead letter of the newer change first.',
    ],
  ],
  [
    'AD_ACCOUNT_INVALID',
    ['The ad account is no number, with or without act_.', "Map ad_account_id to the account's number, as text."],
  ],
  [
    'AMBIGUOUS_TOO_OLD',
    [
      'Meta may have had the event for 47 hours, and would soon count it twice.',
      'Look in Events Manager; replay the dead letter if it is missing.',
    ],
  ],
  [
    'POISON',
    [
      'The record alone failed ten times or more over 5 minutes, while others were delivered.',
      'Look at the event with meta-actions explain; replay it once it is fixed.',
    ],
  ],
  [
    'RETRIES_EXHAUSTED',
    ['The limits that were set for retries are used up.', 'Replay it when the trouble is over, or allow more.'],
  ],
  [
    'SUBSCRIPTION_REMOVED',
    [
      'A reload took the subscription or its destination away, or gave the destination another pixel while the old one was blocked; or it was gone when the delivery came back from its parking topic.',
      'Nothing, if that was meant. Else give a subscription the old id, reload, and replay.',
    ],
  ],
  [
    'LANE_BLOCKED',
    [
      'The lane was blocked for so long that other lanes would have had to wait, and on_blocked is dead_letter.',
      'Fix the cause that the message names, then replay.',
    ],
  ],
  [
    'RETENTION',
    [
      'It was still waiting for its lane shortly before the broker would have deleted the record.',
      'Fix the cause, then replay.',
    ],
  ],
  [
    'RETENTION_UNKNOWN',
    [
      "The broker didn't say what it deletes, and when. Asked again soon.",
      'Look at the broker; allow the user DescribeConfigs on the topics.',
    ],
  ],
  ['PARKED', ['The lane is blocked, and the delivery goes to the parking topic. No dead letter has it.', 'Nothing.']],
  [
    'FUSE_BLOWN',
    [
      "Most of a subscription's last events were rejected, so it is held: otherwise the whole topic could end up in the dead letters.",
      'Fix the mapping or the source, then send SIGHUP or restart.',
    ],
  ],
  [
    'TOO_MANY_REJECTED',
    [
      'A batch had more events or rows that Meta or the connector rejected than max_rejected_per_batch allows: the destination or the subscription waits.',
      'Fix the data or the mapping, or raise the limit; SIGHUP goes on. With --once the run has ended, and the dead letters are written.',
    ],
  ],
  [
    'LANE_PAUSED',
    [
      'Somebody has paused the lane. Nothing is lost; when as much waits as may be in flight, everything else waits, too.',
      'Resume it in the console.',
    ],
  ],
  [
    'USAGE_HIGH',
    [
      'Meta reports that 90 % of a rate limit is used: the lane pauses.',
      'Nothing. If it happens often, ask Meta for a higher access tier.',
    ],
  ],
  [
    'ABANDONED',
    ['The partition went to another process before the delivery was sent; that process sends it.', 'Nothing.'],
  ],
  [
    'PARTITION_HELD',
    [
      'With --once: everything else is settled, but a lane is blocked.',
      'Fix the cause that the message names, and run again.',
    ],
  ],
  ['MAPPING_INVALID', ['A mapping has errors; each is listed.', 'Correct them.']],
  ['MAPPING_TOO_DEEP', ['A mapping nests too deeply.', 'Flatten it.']],
  ['MAPPING_TOO_LARGE', ['A mapping has too many values.', 'Split the subscription.']],
  ['UNKNOWN_DIRECTIVE', ['There is no directive of this name.', 'See mappings.md.']],
  ['UNKNOWN_ARGUMENT', ['The directive has no argument of this name.', 'Leave it out, or correct its name.']],
  ['MISSING_ARGUMENT', ["The directive needs an argument that isn't there.", 'Add it.']],
  ['WRONG_ARGUMENT', ['An argument is of the wrong type.', 'Give what the message asks for.']],
  ['IGNORED_ARGUMENT', ['An argument has no effect beside another.', 'Leave it out.']],
  ['UNKNOWN_OPERATOR', ['@case has no such operator.', 'Use lower or upper.']],
  ['SEVERAL_DIRECTIVES', ['An object has two directives.', 'Put one inside the other.']],
  ['DIRECTIVE_BESIDE_KEYS', ['An object has a directive and other members.', 'Use @merge, or take one of them away.']],
  ['BAD_PATH', ["A path can't be read.", 'Correct it where the message says.']],
  ['ODD_PATH', ['A path can be read, but hardly means what it says.', 'Look at the message.']],
  ['BAD_LIQUID', ["A @liquid template can't be read.", 'Correct it where the message says.']],
  ['LIQUID_TOO_LONG', ['A @liquid template is too long.', 'Shorten it.']],
  [
    'UNKNOWN_MEMBER',
    [
      'An event of the Segment spec has no such member.',
      'Correct the path; what is your own is in properties or traits.',
    ],
  ],
  ['MAPPINGS_OFF', ['Every destination has "enabled": false.', 'Switch one on, or give others with --mappings.']],
  [
    'AUDIENCE_UNNAMED',
    [
      'The mapping names no audience; only events of Engage bring one. A warning.',
      'Map audience_id, or audience_name with an ad account.',
    ],
  ],
  [
    'MAPPINGS_NOT_FOUND',
    [
      'There is no such file or folder, or no .json file in it. Hidden files are not read.',
      'Give the right one with --mappings.',
    ],
  ],
  [
    'CONFIG_INVALID',
    [
      "The mappings or the sources can't be used; the message lists every problem with its place.",
      'Correct each of them.',
    ],
  ],
  [
    'REGISTRY_MISSING',
    [
      "A topic of sources.json needs a schema registry, and SCHEMA_REGISTRY_URL isn't set.",
      "Set it to the registry's address.",
    ],
  ],
  [
    'REGISTRY_UNREACHABLE',
    [
      "The schema registry doesn't answer; the partitions that need it wait.",
      'Start it, or correct SCHEMA_REGISTRY_URL or the network.',
    ],
  ],
  [
    'REGISTRY_REFUSED',
    [
      "The schema registry doesn't let us in; the partitions that need it wait.",
      'Correct its user, password, token or certificate.',
    ],
  ],
  [
    'REGISTRY_FAILED',
    [
      'The schema registry answers with an error of its own; the partitions that need it wait.',
      "Look at the registry's log.",
    ],
  ],
  [
    'REGISTRY_ANSWER_INVALID',
    [
      "What answers at SCHEMA_REGISTRY_URL is no schema registry, such as a proxy's page; the partitions that need it wait.",
      'Correct SCHEMA_REGISTRY_URL, or the proxy.',
    ],
  ],
  ['NOT_UTF8', ['The file is not UTF-8, but perhaps UTF-16.', 'Save it as UTF-8.']],
  [
    'JSON_SYNTAX',
    [
      'The file is not JSON at this place.',
      'Correct it there, or just before it; comments and trailing commas are allowed.',
    ],
  ],
  [
    'JSON_DUPLICATE_KEY',
    ['An object has two members of one name, of which JSON would keep the second.', 'Remove or rename one.'],
  ],
  ['JSON_TOO_DEEP', ['More than 200 objects and lists stand inside each other.', 'Write it flatter.']],
  ['JSON_RESERVED_KEY', ['A member is called __proto__, which JavaScript takes for something else.', 'Rename it.']],
  ['CONFIG_MISSING', ["A setting that is needed isn't there.", 'Add it.']],
  ['CONFIG_TYPE', ['A setting is of the wrong type.', 'Write what the message asks for.']],
  ['CONFIG_UNKNOWN', ['There is no setting of this name.', 'Correct its name, or leave it out.']],
  ['CONFIG_VALUE', ["A setting has a value that it can't have.", 'Write one of those in the message.']],
  [
    'SETTING_INVALID',
    ["An environment variable has a value that it can't have.", 'Correct it; meta-actions run --help lists them.'],
  ],
  ['SETTING_MISSING', ["An environment variable that is needed isn't set.", 'Set it.']],
  [
    'SECRET_INLINE',
    [
      "A secret stands in the file, perhaps in the place of a variable's name. It isn't printed.",
      'Refer to it by $env or $file.',
    ],
  ],
  ['SECRET_MISSING', ["The environment variable or file of a secret isn't there, or is empty.", 'Set it.']],
  ['DUPLICATE_DESTINATION', ['Two files have a destination of the same name.', 'Rename one.']],
  ['DUPLICATE_SUBSCRIPTION', ['Two subscriptions of a file have the same id or name.', 'Rename one.']],
  ['PIXEL_MISSING', ['The destination sends conversions and has no pixel.', 'Add pixel_id.']],
  ['UNKNOWN_ACTION', ['There is no action of this name.', 'Use one of those in the message.']],
  ['TRIGGER_MISSING', ['The action has no default trigger.', 'Add trigger.']],
  ['SAME_EVENTS', ['Two subscriptions send the same action for the same events.', 'Remove one, or narrow a trigger.']],
  [
    'EVENT_ID_COLLISION',
    [
      'Two subscriptions can send the same name and event id, of which Meta keeps one.',
      'Narrow a trigger, or map another event_id.',
    ],
  ],
  ['MAPPING_NOT_FIELDS', ['A mapping is a directive; it must name fields.', 'Put the directive into a field.']],
  [
    'UNKNOWN_FIELD',
    ['The action has no field of this name.', 'Correct its name: fields are called as Meta calls them.'],
  ],
  ['LITERAL_PATH', ['A path stands in the mapping as plain text.', 'Write { "@path": … }.']],
  ['LITERAL_TEMPLATE', ['A template stands in the mapping as plain text.', 'Write { "@template": … }.']],
  [
    'LITERAL_FIXED',
    [
      'A value that must be another for each event is written into the mapping: an event_id, by which Meta would take all events for one, or an event_time.',
      'Write { "@path": … }, or leave it out.',
    ],
  ],
  ['LITERAL_INVALID', ['A value that is written into the mapping is none that the field takes.', 'Correct it.']],
  [
    'STRIPPING_OFF',
    [
      'strip_identifiers is false: what identifies a person in custom_data, page addresses and ids is sent to Meta as it is.',
      'Take the setting out; name single fields in in_the_clear where that is meant.',
    ],
  ],
  [
    'SENT_IN_CLEAR',
    ['A field is sent as it is, on purpose, also where it identifies a person.', 'Nothing, if it is meant.'],
  ],
  ['HASHED_ONLY', ['in_the_clear names a field that Meta takes hashed only.', 'Take it out.']],
  ['ACTIONS_UNREADABLE', ["The folder of actions can't be read.", 'Check that it is there.']],
  ['ACTION_UNREADABLE', ["A file of the folder can't be loaded.", 'Correct what the message names.']],
  [
    'ACTION_INVALID',
    ["A file's default export is no action definition.", 'Export defineAction({…}) as the default export.'],
  ],
  ['ACTION_TWICE', ['Two files of the folder have the same name but for their ending.', 'Remove one.']],
  ['UNKNOWN_IDENTIFIER', ['There is no identifier of this name.', 'Use one of the list in the message.']],
  ['UNKNOWN_RULE_VERSION', ['There are no identity rules of this version.', 'Use one of the list in the message.']],
  [
    'NO_AUDIENCES',
    [
      'An event was to change an audience, but the program was put together without audiences.',
      'Report it, or give your own program what the message names.',
    ],
  ],
  [
    'OUTCOME_COUNT',
    ['A part of the program answered for another number of deliveries than it was given.', 'Report it.'],
  ],
  [
    'ABORTED',
    [
      'Deliveries were given up before they were final; nothing of them is settled.',
      'Nothing, when the program was stopping.',
    ],
  ],
  ['PENDING_UNDERFLOW', ['A record was settled more often than it was held.', 'Report it.']],
  ['PENDING_SETTLED', ['The bytes of a record were asked for after it was settled.', 'Report it.']],
  ['TRACKER_ORDER', ['Records of a partition came out of order.', 'Report it.']],
  ['TRACKER_SLOT', ['A record was settled that nobody had read.', 'Report it.']],
  ['TRACKER_UNDERFLOW', ['A record was settled twice.', 'Report it.']],
  [
    'STOP_READING',
    ['Reading could not be stopped in order when the program ended.', "Nothing: what wasn't committed is read again."],
  ],
  [
    'STOP_SOURCE',
    ['The source could not be left in order when the program ended.', "Nothing: what wasn't committed is read again."],
  ],
  [
    'SCHEMA_NOT_FETCHED',
    ['A record was read before its schema was there; it becomes a dead letter BUG.', 'Report it.'],
  ],
  [
    'STOP_COMMITS',
    [
      'The last commits were not answered within SHUTDOWN_TIMEOUT_MS when the program ended; the exit is 1.',
      "Nothing: what wasn't committed is read again.",
    ],
  ],
  [
    'STOP_DEAD_LETTERS',
    [
      'The dead letters could not be closed in order when the program ended.',
      "Nothing: what wasn't written wasn't committed.",
    ],
  ],
]);
