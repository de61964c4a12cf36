/**
 * What other products, and people, call the fields: their names without case and separators. docs/from-segment.md has
 * them as a table; a test holds the two together.
 */
const aliases: Readonly<Record<string, string>> = {
  email: 'em',
  emailaddress: 'em',
  mail: 'em',
  phone: 'ph',
  phonenumber: 'ph',
  mobile: 'ph',
  telephone: 'ph',
  firstname: 'fn',
  givenname: 'fn',
  lastname: 'ln',
  surname: 'ln',
  familyname: 'ln',
  gender: 'ge',
  sex: 'ge',
  dateofbirth: 'db',
  birthday: 'db',
  birthdate: 'db',
  dob: 'db',
  city: 'ct',
  state: 'st',
  region: 'st',
  zip: 'zp',
  zipcode: 'zp',
  postalcode: 'zp',
  postcode: 'zp',
  externalid: 'external_id',
  externid: 'external_id',
  userid: 'external_id',
  subscriptionid: 'subscription_id',
  leadid: 'lead_id',
  fbloginid: 'fb_login_id',
  anonid: 'anon_id',
  madid: 'madid',
  mobileadid: 'madid',
  advertisingid: 'madid',
  clientipaddress: 'client_ip_address',
  ip: 'client_ip_address',
  ipaddress: 'client_ip_address',
  useragent: 'client_user_agent',
  appdatafield: 'app_data',
  revenue: 'value',
  total: 'value',
  price: 'value',
  products: 'contents',
  productids: 'content_ids',
  orderid: 'order_id',
  transactionid: 'order_id',
  eventname: 'event_name',
  eventid: 'event_id',
  eventtime: 'event_time',
  timestamp: 'event_time',
  messageid: 'event_id',
  pageurl: 'event_source_url',
  url: 'event_source_url',
  referrer: 'referrer_url',
  query: 'search_string',
};

/** The field that a name means, if the action has it. */
export function fieldMeant(name: string, fields: object): string | undefined {
  const compact = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const field = Object.hasOwn(aliases, compact) ? aliases[compact] : undefined;
  return field !== undefined && Object.hasOwn(fields, field) ? field : undefined;
}
