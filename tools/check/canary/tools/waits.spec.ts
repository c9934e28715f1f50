// caught by: no-restricted-globals
it('waits as long as the machine needs', (done) => void setTimeout(done, 10));
