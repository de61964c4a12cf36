/** Lanes that call Meta in the same way. What one of them delivers shows that Meta takes such calls. */
export interface Peers {
  delivered(): void;
  /** How often Meta took a request of any of them. */
  deliveries(): number;
}

export function createPeers(): Peers {
  let deliveries = 0;
  return {
    delivered: () => {
      deliveries += 1;
    },
    deliveries: () => deliveries,
  };
}
