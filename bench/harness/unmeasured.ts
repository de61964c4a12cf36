/** Something that a part needs isn't on this machine: its figures stay as they are, and the bench ends with 3. */
export class Unmeasured extends Error {}
