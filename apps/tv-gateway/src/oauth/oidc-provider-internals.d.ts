declare module 'oidc-provider/lib/helpers/weak_cache.js' {
  /** What the library keeps of a provider of its own. */
  export default function internalsOf(provider: object): {
    configuration(name: 'responseTypes'): string[];
  };
}
