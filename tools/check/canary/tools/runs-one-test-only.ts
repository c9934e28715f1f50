// caught by: no-restricted-syntax
it.only('hides the others', () => undefined);
