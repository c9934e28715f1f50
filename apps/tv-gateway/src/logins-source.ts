/** The connections to where logins are kept: beside the registry, so that each cell lets in and knows whoever another let in. */
export const LOGINS_SOURCE = 'logins';
