import type { Customer, Product } from './shop-world.ts';
import { products } from './shop-world.ts';

/** One call of a visit, before it gets a time, an id and a context. */
export interface Step {
  readonly type: 'page' | 'track' | 'identify';
  /** Of a track call. */
  readonly event?: string;
  /** Of a page call. */
  readonly name?: string;
  readonly path: string;
  /** Query of the page's address, with its question mark. */
  readonly query?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Random = () => number;

export interface Visit {
  readonly customer: Customer;
  /** Whether the customer signed up in an earlier visit. */
  readonly known: boolean;
  /** Names the visit in ids. */
  readonly id: string;
}

/** The calls of one visit, in their order. Most visitors leave before they buy. */
export function* visitSteps(visit: Visit, random: Random): Generator<Step> {
  const { customer } = visit;
  const clicked = random() < 0.4;
  yield { type: 'page', name: 'Home', path: '/', ...(clicked && { query: `?fbclid=IwAR${visit.id}` }), body: {} };
  if (!visit.known && customer.userId !== undefined && random() < 0.5) yield* signUp(customer);
  if (random() < 0.3) yield* search(random);
  const cart: CartLine[] = [];
  do {
    const product = pick(products, random);
    yield* look(product, customer);
    if (random() < 0.6) {
      const line = { ...listed(product), quantity: 1 + Math.floor(random() * 3) };
      cart.push(line);
      yield track('Product Added', `/products/${product.sku}`, {
        cart_id: visit.id,
        ...line,
        currency: customer.home.currency,
      });
    }
  } while (random() < 0.4);
  if (cart.length > 0 && random() < 0.75) yield* checkOut(visit, cart, random);
}

type CartLine = ReturnType<typeof listed> & { readonly quantity: number };

function* signUp(customer: Customer): Generator<Step> {
  yield track('Signed Up', '/account/new', { method: 'email', email: customer.email });
  yield { type: 'identify', path: '/account', body: traitsOf(customer) };
}

function* search(random: Random): Generator<Step> {
  const query = pick(products, random).category.toLowerCase();
  yield track('Products Searched', '/search', { query });
}

function* look(product: Product, customer: Customer): Generator<Step> {
  const path = `/products/${product.sku}`;
  yield { type: 'page', name: product.name, path, body: { category: 'Product' } };
  yield track('Product Viewed', path, { ...listed(product), currency: customer.home.currency });
}

function* checkOut({ customer, id }: Visit, cart: readonly CartLine[], random: Random): Generator<Step> {
  const currency = customer.home.currency;
  const revenue = money(cart.reduce((sum, line) => sum + line.price * line.quantity, 0));
  const shipping = revenue > 100 ? 0 : 4.9;
  const order = { order_id: `order-${id}`, currency, products: cart };
  yield { type: 'page', name: 'Cart', path: '/cart', body: {} };
  yield track('Checkout Started', '/checkout', { ...order, value: revenue, revenue });
  if (random() < 0.2) return;
  const total = money(revenue + shipping);
  const contact = customer.userId === undefined ? { email: customer.email, phone: customer.phone } : {};
  yield track('Order Completed', '/checkout/thanks', { ...order, revenue, shipping, total, ...contact });
}

/** The traits of a customer as an identify call carries them. */
export function traitsOf(customer: Customer): Readonly<Record<string, unknown>> {
  const { city, state, postalCode, country } = customer.home;
  return {
    email: customer.email,
    phone: customer.phone,
    firstName: customer.firstName,
    lastName: customer.lastName,
    gender: customer.gender,
    birthday: customer.birthday,
    address: { city, state, postalCode, country },
  };
}

function track(event: string, path: string, body: Readonly<Record<string, unknown>>): Step {
  return { type: 'track', event, path, body };
}

function listed({ cents, ...product }: Product) {
  return { ...product, price: cents / 100 };
}

function money(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
