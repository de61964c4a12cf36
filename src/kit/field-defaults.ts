/** Mapping JSON for default mappings: where the values of an event are, in the spellings that events really have. */

/** Something that default mappings are made of. */
type Directive = Readonly<Record<string, unknown>>;

export function path(text: string): Directive {
  return { '@path': text };
}

/**
 * The first of several paths that holds something. Not `@first`, which also takes the empty text: an event whose
 * trait is "" may have the value elsewhere.
 */
export function firstPresent(first: string, ...others: readonly string[]): Directive {
  const [next, ...rest] = others;
  if (next === undefined) return path(first);
  // biome-ignore lint/suspicious/noThenProperty: an argument of the directive; nothing awaits it.
  return { '@if': { blank: path(first), then: path(first), else: firstPresent(next, ...rest) } };
}

/** What the directive finds, else the first of the paths that holds something. */
export function orElse(directive: Directive, ...paths: readonly [string, ...string[]]): Directive {
  const [first, ...others] = paths;
  const condition = directive['@if'] as Directive | undefined;
  const next = condition?.['else'] as Directive | undefined;
  const rest = next === undefined ? firstPresent(first, ...others) : orElse(next, ...paths);
  if (condition !== undefined) return { '@if': { ...condition, else: rest } };
  // biome-ignore lint/suspicious/noThenProperty: an argument of the directive; nothing awaits it.
  return { '@if': { blank: directive, then: directive, else: rest } };
}

/**
 * Where a trait of the person is: of the call itself or of its context. Not among the properties: those are of what the
 * event is about, and a shop's city or telephone is not its visitor's.
 */
export function trait(...names: readonly [string, ...string[]]): Directive {
  const [first, ...others] = ['$.traits', '$.context.traits'].flatMap((root) => names.map((name) => `${root}.${name}`));
  return firstPresent(first ?? '', ...others);
}

/** What a browser's cookie holds: among the properties, or where libraries that read cookies put it. */
export function cookie(...names: readonly [string, ...string[]]): Directive {
  const roots = ['$.properties', '$.context', '$.context.clientIds', '$.traits', '$.context.traits'];
  const [first, ...others] = roots.flatMap((root) => names.map((name) => `${root}.${name}`));
  return firstPresent(first ?? '', ...others);
}

/** A property of the event; of several spellings the first that holds something. */
export function property(...names: readonly [string, ...string[]]): Directive {
  const [first, ...others] = names.map((name) => `$.properties.${name}`);
  return firstPresent(first ?? '', ...others);
}

/** An item that is no object is its id. */
const item: Directive = {
  id: firstPresent('$.product_id', '$.productId', '$.sku', '$.id', '$'),
  quantity: path('$.quantity'),
  item_price: path('$.price'),
};

/** The items of a list of products. */
export const products: Directive = { '@arrayPath': ['$.properties.products', item] };

/** The items of a list of products that were only shown: their prices add up to nothing that means anything. */
export const shownProducts: Directive = { '@arrayPath': ['$.properties.products', { id: item['id'] }] };

/** The items of a list of products, or the one product that the event itself describes. */
export const productsOrProduct: Directive = {
  '@first': [
    products,
    { '@arrayPath': ['$.properties', { ...item, id: firstPresent('$.product_id', '$.productId', '$.sku') }] },
  ],
};
