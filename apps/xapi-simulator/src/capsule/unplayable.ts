/** Something recorded cannot be made to happen here; why. */
export class Unplayable extends Error {}
