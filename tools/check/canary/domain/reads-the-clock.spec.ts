// caught by: no-restricted-properties
it('is as old as the machine says', () => expect(Date.now()).toBeGreaterThan(0));
