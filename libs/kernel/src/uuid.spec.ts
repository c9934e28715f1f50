import { bytesOf, timeOfUuidV7, uuidOf, uuidV5, uuidV7 } from './uuid.ts';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('uuids', () => {
  it.each([
    ['www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'], // RFC 9562, appendix A.4
    ['zażółć', 'cc2ba7e9-8a4f-5e28-a1e6-5bdbf89dcc60'],
  ])('of a name are the same for ever: %s', (name, id) => {
    expect(uuidV5(DNS, name)).toBe(id);
  });

  it('of a moment begin with it', () => {
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f'); // appendix A.6
    expect(timeOfUuidV7('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(0x017f22e279b0);
    expect(timeOfUuidV7(DNS)).toBeNull();
  });

  it('are sixteen bytes', () => {
    expect(uuidOf(bytesOf(DNS))).toBe(DNS);
  });
});
