/** The shop's invented customers, goods and places. Addresses are of ranges that are reserved for documentation. */

export interface Customer {
  readonly number: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly birthday: string;
  readonly gender: 'f' | 'm';
  readonly home: Place;
  readonly ip: string;
  readonly userAgent: string;
  readonly anonymousId: string;
  /** Undefined for guests, who never sign up. */
  readonly userId: string | undefined;
}

export interface Place {
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
  readonly currency: string;
  readonly locale: string;
  /** What stands before the last two digits of a phone number; of the ranges that are kept free for fiction. */
  readonly phone: string;
}

export interface Product {
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly brand: string;
  readonly category: string;
  /** In hundredths. */
  readonly cents: number;
}

const names: readonly (readonly [first: string, last: string, gender: 'f' | 'm'])[] = [
  ['Ada', 'Okafor', 'f'],
  ['Bruno', 'Keller', 'm'],
  ['Chloé', 'Martin', 'f'],
  ['Dmitri', 'Volkov', 'm'],
  ['Elena', 'García López', 'f'],
  ['Farid', 'Haddad', 'm'],
  ['Grace', "O'Connor", 'f'],
  ['Hiro', 'Tanaka', 'm'],
  ['Ines', 'Silva', 'f'],
  ['Jack', 'Nguyen', 'm'],
  ['Käthe', 'Müller', 'f'],
  ['Liam', 'Smith-Jones', 'm'],
];

const places: readonly Place[] = [
  {
    city: 'Portland',
    state: 'OR',
    postalCode: '97205',
    country: 'US',
    currency: 'USD',
    locale: 'en-US',
    phone: '+1 (503) 555-01',
  },
  {
    city: 'Austin',
    state: 'Texas',
    postalCode: '78701-2345',
    country: 'United States',
    currency: 'USD',
    locale: 'en-US',
    phone: '+1 512 555 01',
  },
  {
    city: 'Manchester',
    state: 'England',
    postalCode: 'M1 1AE',
    country: 'GB',
    currency: 'GBP',
    locale: 'en-GB',
    phone: '+44 161 496 00',
  },
];

const userAgents: readonly string[] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
];

/** One customer for each name in each place. Every seventh is a guest. */
export const customers: readonly Customer[] = places.flatMap((home, place) =>
  names.map(([firstName, lastName, gender], index) => {
    const number = place * names.length + index;
    const digits = String(number).padStart(2, '0');
    return {
      number,
      firstName,
      lastName,
      gender,
      email: `${plain(firstName)}.${plain(lastName)}${number}@example.com`,
      phone: `${home.phone}${digits}`,
      birthday: `19${70 + (number % 30)}-0${1 + (number % 9)}-1${number % 10}`,
      home,
      ip: number % 5 === 4 ? `2001:db8::${(4096 + number).toString(16)}` : `203.0.113.${10 + number}`,
      userAgent: userAgents[number % userAgents.length] ?? '',
      anonymousId: `a0000000-0000-4000-8000-0000000000${digits}`,
      userId: number % 7 === 6 ? undefined : `u-10${digits}`,
    };
  }),
);

function plain(name: string): string {
  return name.normalize('NFD').replaceAll(/[^A-Za-z]/g, '');
}

export const products: readonly Product[] = [
  { product_id: 'p-1', sku: 'MUG-BLUE', name: 'Blue mug', brand: 'Hearth', category: 'Kitchen', cents: 1250 },
  { product_id: 'p-2', sku: 'MUG-RED', name: 'Red mug', brand: 'Hearth', category: 'Kitchen', cents: 1250 },
  { product_id: 'p-3', sku: 'KETTLE', name: 'Gooseneck kettle', brand: 'Hearth', category: 'Kitchen', cents: 6490 },
  { product_id: 'p-4', sku: 'LAMP-DESK', name: 'Desk lamp', brand: 'Lumen', category: 'Lighting', cents: 8900 },
  { product_id: 'p-5', sku: 'LAMP-FLOOR', name: 'Floor lamp', brand: 'Lumen', category: 'Lighting', cents: 15900 },
  { product_id: 'p-6', sku: 'RUG-S', name: 'Wool rug, small', brand: 'Weft', category: 'Textiles', cents: 11000 },
  { product_id: 'p-7', sku: 'RUG-L', name: 'Wool rug, large', brand: 'Weft', category: 'Textiles', cents: 32500 },
  { product_id: 'p-8', sku: 'THROW', name: 'Linen throw', brand: 'Weft', category: 'Textiles', cents: 5400 },
];
