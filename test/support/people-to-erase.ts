import { createHash } from 'node:crypto';

/** A thousand people of an invented shop, and the same as a file with a header. */
export const people = Array.from({ length: 1000 }, (_, index) => ({
  email: `person.${index}@erase.example`,
  phone: `+4915112${String(index).padStart(6, '0')}`,
  id: `crm-${index}`,
}));

export const peopleFile = `email,phone,customer id\n${people.map(({ email, phone, id }) => `${email},${phone},${id}\n`).join('')}`;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** An event by which one of them is known, in one of the ways in which events know people. */
export function eventAbout(index: number): object {
  const { email, phone, id } = people[index] ?? { email: '', phone: '', id: '' };
  const ways = [
    { userId: `order-user-${index}`, context: { traits: { email: ` ${email.toUpperCase()} ` } } },
    { userId: id, properties: { total: 'n/a' } },
    { anonymousId: 'a', traits: { phone: phone.replace('+4915112', '0151 12 ') } },
    { userId: 'x', traits: { hashed: sha256(email) } },
    { userId: 'x', context: { page: { url: `https://shop.example/?mail=${encodeURIComponent(email)}` } } },
  ];
  return { type: 'track', event: 'Order Completed', messageId: `m-${index}`, ...ways[index % ways.length] };
}
