// The guide's own example request, for tests and for the demonstration.

/** Section "v1 Request Example", with the parts of the event and of its data that matter to the caller. */
export const exampleDelivery = (
  event: Readonly<Record<string, unknown>> = {},
  data: Readonly<Record<string, unknown>> = {},
) => ({
  v1: {
    deprecation: null,
    event: {
      timestamp: 1549623690730,
      type: 'SIGNAL_OPEN',
      integration: {
        name: 'user@example.com',
        description: 'Foo Bar FX',
        imageUrl: 'https://foo.bar/logo.png',
        webhook: {
          url: 'https://foo.bar/api/proquant',
          headers: { 'x-foo-bar-api-token': 'baz' },
        },
      },
      data: {
        direction: 'BUY',
        ticker: 'XAUUSD',
        quantity: 10,
        strategy: { id: '6bbc583bf6d70605bbbc892f66367ab7', name: 'Gold High-Risk' },
        proquantPositionId: '960fe1a63d264d0f4e19a0ebf385497e',
        ...data,
      },
      ...event,
    },
  },
});
